// Package simulate composes network traffic of plants that do not exist: the
// bottling plant that the demo shows, plants of any size for measuring, and
// floods for hardening. Every byte comes from the protocols' specifications, a
// fixed start time and a seeded generator, so that the same call gives the same
// capture everywhere.
//
// The addresses outside the plant are those that RFC 5737 sets aside for
// documentation. Product names say what a real plant would contain; nothing
// here was recorded from such a product.
package simulate
