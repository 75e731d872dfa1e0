//go:build !unix

package main

import "os"

// isTerminal tells whether somebody is looking at f. How to do so on this
// system is not known here, so nobody is.
func isTerminal(*os.File) bool { return false }

func columns(*os.File) int { return 0 }
