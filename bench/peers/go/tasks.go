package main

import "time"

// A goroutine per task, its result through a channel of its own wave; 10,000 in flight.
func spawn(count, _ int) time.Duration {
	const wave = 10_000
	total := 0
	start := time.Now()
	for done := 0; done < count; done += wave {
		size := wave
		if count-done < wave {
			size = count - done
		}
		results := make(chan int, size)
		for i := 0; i < size; i++ {
			go func(value int) { results <- value + 1 }(i)
		}
		for i := 0; i < size; i++ {
			total += <-results
		}
	}
	elapsed := time.Since(start)
	check("finished", boolean(total > 0), 1)
	return elapsed
}

func boolean(value bool) int {
	if value {
		return 1
	}
	return 0
}

// A tree of goroutines, ten children each, whose leaves give their number.
func skynet(count, _ int) time.Duration {
	start := time.Now()
	result := make(chan int)
	go node(result, 0, count)
	total := <-result
	elapsed := time.Since(start)
	check("sum", total, count*(count-1)/2)
	return elapsed
}

func node(result chan int, number, size int) {
	if size == 1 {
		result <- number
		return
	}
	children := make(chan int)
	for i := 0; i < 10; i++ {
		go node(children, number+i*(size/10), size/10)
	}
	total := 0
	for i := 0; i < 10; i++ {
		total += <-children
	}
	result <- total
}

// Sums count numbers that lie in 64 blocks of 65,536, goroutines taking blocks from a channel.
func sum(count, workers int) time.Duration {
	const blockLength = 65_536
	var pool [64][]int32
	for b := range pool {
		pool[b] = make([]int32, blockLength)
		for i := range pool[b] {
			pool[b][i] = int32(i & 1023)
		}
	}
	blocks := count / blockLength
	queue := make(chan []int32, 64)
	totals := make(chan int, workers)
	start := time.Now()
	for w := 0; w < workers; w++ {
		go func() {
			total := 0
			for values := range queue {
				var part int32
				for _, value := range values {
					part += value
				}
				total += int(part)
			}
			totals <- total
		}()
	}
	for i := 0; i < blocks; i++ {
		queue <- pool[i%len(pool)]
	}
	close(queue)
	total := 0
	for w := 0; w < workers; w++ {
		total += <-totals
	}
	elapsed := time.Since(start)
	check("sum", total, blocks*64*(1023*1024/2))
	return elapsed
}
