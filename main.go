// Command livecue turns what viewers do in a live stream into things that happen in it.
package main

func main() {}
