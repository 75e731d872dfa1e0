// Package services looks for services that are offered and that a plant seldom needs.
package services

import (
	"github.com/bulkhead-ot/bulkhead/assess"
)

// Check is the manual page and the check.
var Check = assess.Check{
	ID:    "services",
	Title: "Only services that are needed are on",
	Answers: []assess.Ref{
		assess.Part(assess.SR, "SR 7.7"),
		assess.Part(assess.CSF, "PR.PS-01"),
		assess.Part(assess.R2, "3.4.6"),
		assess.Part(assess.R2, "3.4.7"),
		assess.Part(assess.ISO, "A.8.9"),
		assess.Part(assess.Owner, "COMP 1.1"),
	},
	Proves:  "None; services that nobody asks are not seen.",
	Refutes: "A device answers by a service without protection that has a protected successor.",

	Ask:    "Are unused services, ports and protocols switched off?",
	Role:   "controls",
	Fix:    "Switch the service off at the device named, or replace it by its protected successor.",
	Effort: 1,
	Run:    run,
}

// needless are services that have a protected successor.
var needless = map[string]string{"telnet": "SSH", "ftp": "SFTP", "tftp": "SFTP", "vnc": "a protected remote desktop", "http": "HTTPS"}

func run(v *assess.View) assess.Answer {
	var n assess.Notes
	others := 0
	for _, t := range v.Talks {
		if t.Server.Asset == nil || !v.Has(&t.Server) || !t.Answered() || t.Protocol == "" {
			continue
		}
		if better := needless[t.Protocol]; better != "" && v.Level(&t.Server) < 3.5 {
			n.Against(t.IDs(), t.Frame, "%s offers %s to %s; %s would be better", &t.Server, t.Protocol, &t.Client, better)
			continue
		}
		others++
	}
	a := n.Answer("", "no service was seen to answer")
	if a.Verdict == assess.Silent && others > 0 {
		a.Verdict, a.Why = assess.Supported, "the services that answered have no better successor"
	}
	return a
}
