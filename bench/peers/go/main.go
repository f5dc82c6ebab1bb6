// Command peer runs one workload: peer <workload> <count> [capacity].
// Each workload runs once as warm-up and three times timed; the median is printed as JSON.
package main

import (
	"fmt"
	"os"
	"sort"
	"strconv"
	"time"
)

// A workload does count units of work and returns how long its timed region took.
type workload func(count int, arg int) time.Duration

var workloads = map[string]workload{
	"ints":      ints,
	"ints22":    intsTwoToTwo,
	"objects":   objects,
	"roundtrip": roundtrip,
	"spawn":     spawn,
	"skynet":    skynet,
	"sum":       sum,
}

const repeats = 3

func main() {
	run, known := workloads[os.Args[1]]
	if !known {
		panic("unknown workload " + os.Args[1])
	}
	count := number(os.Args[2])
	arg := 0
	if len(os.Args) > 3 {
		arg = number(os.Args[3])
	}
	run(count, arg)
	all := make([]float64, repeats)
	for i := range all {
		all[i] = run(count, arg).Seconds()
	}
	sort.Float64s(all)
	fmt.Printf("{\"seconds\":%.9f,\"count\":%d}\n", all[repeats/2], count)
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return value
}

func check(what string, actual, expected int) {
	if actual != expected {
		panic(fmt.Sprintf("%s is %d, expected %d", what, actual, expected))
	}
}
