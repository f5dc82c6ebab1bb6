/** All bugs of the corpus, by name. */
import type { Bug } from "./about.ts"
import * as actorAnswerMistaken from "./bugs/actor-answer-mistaken.ts"
import * as actorGetThenSet from "./bugs/actor-get-then-set.ts"
import * as actorNotNamedYet from "./bugs/actor-not-named-yet.ts"
import * as actorPaidTwice from "./bugs/actor-paid-twice.ts"
import * as actorRegisteredTwice from "./bugs/actor-registered-twice.ts"
import * as actorRestartedEmpty from "./bugs/actor-restarted-empty.ts"
import * as actorStoppedTooEarly from "./bugs/actor-stopped-too-early.ts"
import * as actorTwoWaysRound from "./bugs/actor-two-ways-round.ts"
import * as actorsAskEachOther from "./bugs/actors-ask-each-other.ts"
import * as addWithinTheTask from "./bugs/add-within-the-task.ts"
import * as barrierReused from "./bugs/barrier-reused.ts"
import * as closedBeforeDrained from "./bugs/closed-before-drained.ts"
import * as closedByOneOfTwo from "./bugs/closed-by-one-of-two.ts"
import * as closedThenSend from "./bugs/closed-then-send.ts"
import * as crossedSends from "./bugs/crossed-sends.ts"
import * as deafToCancellation from "./bugs/deaf-to-cancellation.ts"
import * as depthThenReceive from "./bugs/depth-then-receive.ts"
import * as depthThenSend from "./bugs/depth-then-send.ts"
import * as diedBetweenTwoMessages from "./bugs/died-between-two-messages.ts"
import * as diedHoldingAFlag from "./bugs/died-holding-a-flag.ts"
import * as diedHoldingALock from "./bugs/died-holding-a-lock.ts"
import * as diedHoldingAMessage from "./bugs/died-holding-a-message.ts"
import * as diningPhilosophers from "./bugs/dining-philosophers.ts"
import * as diningWithChannels from "./bugs/dining-with-channels.ts"
import * as doneBeforeResults from "./bugs/done-before-results.ts"
import * as doneTooEarly from "./bugs/done-too-early.ts"
import * as doubleCheckedOnce from "./bugs/double-checked-once.ts"
import * as doubleClose from "./bugs/double-close.ts"
import * as earlyReturn from "./bugs/early-return.ts"
import * as failedAndNotCounted from "./bugs/failed-and-not-counted.ts"
import * as feedbackIntoAFullQueue from "./bugs/feedback-into-a-full-queue.ts"
import * as firstAnswerWins from "./bugs/first-answer-wins.ts"
import * as heldAtTheEnd from "./bugs/held-at-the-end.ts"
import * as lateAnswer from "./bugs/late-answer.ts"
import * as leakedSender from "./bugs/leaked-sender.ts"
import * as lockAndRendezvous from "./bugs/lock-and-rendezvous.ts"
import * as lockOrder from "./bugs/lock-order.ts"
import * as lockedTwice from "./bugs/locked-twice.ts"
import * as lostTwice from "./bugs/lost-twice.ts"
import * as lostUpdate from "./bugs/lost-update.ts"
import * as lostWakeUp from "./bugs/lost-wake-up.ts"
import * as missedSignal from "./bugs/missed-signal.ts"
import * as neverClosed from "./bugs/never-closed.ts"
import * as nobodyAsks from "./bugs/nobody-asks.ts"
import * as oneSlotTooFew from "./bugs/one-slot-too-few.ts"
import * as oneWakeForTwo from "./bugs/one-wake-for-two.ts"
import * as overdrawnAccount from "./bugs/overdrawn-account.ts"
import * as partyThatLeaves from "./bugs/party-that-leaves.ts"
import * as permitsOneByOne from "./bugs/permits-one-by-one.ts"
import * as polledSignal from "./bugs/polled-signal.ts"
import * as readUpgraded from "./bugs/read-upgraded.ts"
import * as readWithinRead from "./bugs/read-within-read.ts"
import * as readerNeverTold from "./bugs/reader-never-told.ts"
import * as referenceCount from "./bugs/reference-count.ts"
import * as replyToAnotherQuestion from "./bugs/reply-to-another-question.ts"
import * as retriedAndDoneTwice from "./bugs/retried-and-done-twice.ts"
import * as scopeThatWaitsForItself from "./bugs/scope-that-waits-for-itself.ts"
import * as sendAfterClose from "./bugs/send-after-close.ts"
import * as slowSubscriber from "./bugs/slow-subscriber.ts"
import * as spinLockTestThenSet from "./bugs/spin-lock-test-then-set.ts"
import * as stackAba from "./bugs/stack-aba.ts"
import * as stopOrWork from "./bugs/stop-or-work.ts"
import * as stringBuffer from "./bugs/string-buffer.ts"
import * as subscribedTooLate from "./bugs/subscribed-too-late.ts"
import * as tooFewFarewells from "./bugs/too-few-farewells.ts"
import * as tornDownTooEarly from "./bugs/torn-down-too-early.ts"
import * as twoErrorsOneReceive from "./bugs/two-errors-one-receive.ts"
import * as twoWords from "./bugs/two-words.ts"
import * as uncheckedOnce from "./bugs/unchecked-once.ts"
import * as unorderedPublication from "./bugs/unordered-publication.ts"
import * as useBeforeStart from "./bugs/use-before-start.ts"
import * as waitWithinTheLoop from "./bugs/wait-within-the-loop.ts"
import * as wokenAndNotLooked from "./bugs/woken-and-not-looked.ts"

/** Each is a module with a broken program and its fixed twin. */
export const BUGS: Readonly<Record<string, Bug>> = {
  "actor-answer-mistaken": actorAnswerMistaken,
  "actor-get-then-set": actorGetThenSet,
  "actor-not-named-yet": actorNotNamedYet,
  "actor-paid-twice": actorPaidTwice,
  "actor-registered-twice": actorRegisteredTwice,
  "actor-restarted-empty": actorRestartedEmpty,
  "actor-stopped-too-early": actorStoppedTooEarly,
  "actor-two-ways-round": actorTwoWaysRound,
  "actors-ask-each-other": actorsAskEachOther,
  "add-within-the-task": addWithinTheTask,
  "barrier-reused": barrierReused,
  "closed-before-drained": closedBeforeDrained,
  "closed-by-one-of-two": closedByOneOfTwo,
  "closed-then-send": closedThenSend,
  "crossed-sends": crossedSends,
  "deaf-to-cancellation": deafToCancellation,
  "depth-then-receive": depthThenReceive,
  "depth-then-send": depthThenSend,
  "died-between-two-messages": diedBetweenTwoMessages,
  "died-holding-a-flag": diedHoldingAFlag,
  "died-holding-a-lock": diedHoldingALock,
  "died-holding-a-message": diedHoldingAMessage,
  "dining-philosophers": diningPhilosophers,
  "dining-with-channels": diningWithChannels,
  "done-before-results": doneBeforeResults,
  "done-too-early": doneTooEarly,
  "double-checked-once": doubleCheckedOnce,
  "double-close": doubleClose,
  "early-return": earlyReturn,
  "failed-and-not-counted": failedAndNotCounted,
  "feedback-into-a-full-queue": feedbackIntoAFullQueue,
  "first-answer-wins": firstAnswerWins,
  "held-at-the-end": heldAtTheEnd,
  "late-answer": lateAnswer,
  "leaked-sender": leakedSender,
  "lock-and-rendezvous": lockAndRendezvous,
  "lock-order": lockOrder,
  "locked-twice": lockedTwice,
  "lost-twice": lostTwice,
  "lost-update": lostUpdate,
  "lost-wake-up": lostWakeUp,
  "missed-signal": missedSignal,
  "never-closed": neverClosed,
  "nobody-asks": nobodyAsks,
  "one-slot-too-few": oneSlotTooFew,
  "one-wake-for-two": oneWakeForTwo,
  "overdrawn-account": overdrawnAccount,
  "party-that-leaves": partyThatLeaves,
  "permits-one-by-one": permitsOneByOne,
  "polled-signal": polledSignal,
  "read-upgraded": readUpgraded,
  "read-within-read": readWithinRead,
  "reader-never-told": readerNeverTold,
  "reference-count": referenceCount,
  "reply-to-another-question": replyToAnotherQuestion,
  "retried-and-done-twice": retriedAndDoneTwice,
  "scope-that-waits-for-itself": scopeThatWaitsForItself,
  "send-after-close": sendAfterClose,
  "slow-subscriber": slowSubscriber,
  "spin-lock-test-then-set": spinLockTestThenSet,
  "stack-aba": stackAba,
  "stop-or-work": stopOrWork,
  "string-buffer": stringBuffer,
  "subscribed-too-late": subscribedTooLate,
  "too-few-farewells": tooFewFarewells,
  "torn-down-too-early": tornDownTooEarly,
  "two-errors-one-receive": twoErrorsOneReceive,
  "two-words": twoWords,
  "unchecked-once": uncheckedOnce,
  "unordered-publication": unorderedPublication,
  "use-before-start": useBeforeStart,
  "wait-within-the-loop": waitWithinTheLoop,
  "woken-and-not-looked": wokenAndNotLooked,
}
