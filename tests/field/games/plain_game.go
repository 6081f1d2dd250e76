// plain_game NOTES none|NUMBER: a game that asks for that one signal with signal.Notify, or for none.
package main

import (
	"os"
	"os/signal"
	"strconv"
	"syscall"
)

func note(line string) {
	file, err := os.OpenFile(os.Args[1], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	if _, err := file.WriteString(line + "\n"); err != nil {
		panic(err)
	}
}

func main() {
	signals := make(chan os.Signal, 16)
	if os.Args[2] != "none" {
		number, err := strconv.Atoi(os.Args[2])
		if err != nil {
			panic(err)
		}
		signal.Notify(signals, syscall.Signal(number))
	} else {
		// Something else has to keep the runtime from calling this a deadlock.
		signal.Notify(signals, syscall.SIGWINCH)
	}
	note("ready")
	for range signals {
		note("signal")
	}
}
