package main

import (
	"sync"
	"time"
)

// One sender, one receiver, capacity as told.
func ints(count, capacity int) time.Duration {
	values := make(chan int32, capacity)
	start := time.Now()
	go func() {
		for i := 0; i < count; i++ {
			values <- int32(i)
		}
		close(values)
	}()
	total := 0
	for value := range values {
		total += int(value)
	}
	elapsed := time.Since(start)
	check("sum", total, count*(count-1)/2)
	return elapsed
}

// Two senders and two receivers on one channel.
func intsTwoToTwo(count, capacity int) time.Duration {
	values := make(chan int32, capacity)
	totals := make(chan int, 2)
	var senders sync.WaitGroup
	start := time.Now()
	for s := 0; s < 2; s++ {
		senders.Add(1)
		go func() {
			defer senders.Done()
			for i := 0; i < count/2; i++ {
				values <- int32(i)
			}
		}()
		go func() {
			total := 0
			for value := range values {
				total += int(value)
			}
			totals <- total
		}()
	}
	senders.Wait()
	close(values)
	total := <-totals + <-totals
	elapsed := time.Since(start)
	half := count / 2
	check("sum", total, half*(half-1))
	return elapsed
}

type position struct {
	x, y float64
	ok   bool
}

type message struct {
	id   int
	name string
	tags []string
	pos  position
}

// Objects created by the sender, handed over by reference.
func objects(count, capacity int) time.Duration {
	messages := make(chan *message, capacity)
	start := time.Now()
	go func() {
		for i := 0; i < count; i++ {
			messages <- &message{
				id: i, name: "sensor-north-17", tags: []string{"alpha", "beta", "gamma"},
				pos: position{float64(i) + 0.25, 1234.5678, true},
			}
		}
		close(messages)
	}()
	total := 0
	for m := range messages {
		total += m.id + len(m.tags)
		if m.pos.ok {
			total++
		}
	}
	elapsed := time.Since(start)
	check("weight", total, count*(count-1)/2+4*count)
	return elapsed
}

// A request and its answer over two unbuffered channels, one at a time.
func roundtrip(count, _ int) time.Duration {
	requests, answers := make(chan int), make(chan int)
	go func() {
		for value := range requests {
			answers <- value + 1
		}
	}()
	total := 0
	start := time.Now()
	for i := 0; i < count; i++ {
		requests <- i
		total += <-answers
	}
	elapsed := time.Since(start)
	close(requests)
	check("sum", total, count*(count-1)/2+count)
	return elapsed
}
