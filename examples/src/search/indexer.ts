/** A worker: reads files and counts their words. It keeps nothing, so it may be started anew. */
import { Actor, actor, type Bus } from "heddle"
import { type Page, readPage } from "./page.ts"

/** What workers tell whoever listens. */
export interface News {
  readonly read: { readonly path: string }
}

/** Thrown when a worker is told to. */
export class Mishap extends Error {
  override readonly name = "Mishap"
}

/** One of several; see `crew.ts`. */
export class Indexer extends Actor {
  static {
    actor(import.meta.url, "Indexer", Indexer)
  }
  readonly folder: string
  readonly news: Bus<News>

  constructor(folder: string, news: Bus<News>) {
    super()
    this.folder = folder
    this.news = news
  }

  /** Reads some files; an await after each is where a kill can strike. */
  async index(paths: readonly string[]): Promise<Page[]> {
    const pages: Page[] = []
    for (const path of paths) {
      pages.push(await readPage(this.folder, path))
      await this.news.publish("read", { path })
    }
    return pages
  }

  /** Fails as a bug would. */
  fail(): never {
    throw new Mishap("this worker was told to fail")
  }

  /** Ends the isolate that it lives in, and everybody there. */
  endIsolate(): never {
    process.exit(1)
  }
}
