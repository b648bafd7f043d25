// Package jobs runs what happens by itself: mails leave, waves open and close,
// sessions are swept. The queue is river's, in the same database; every job calls
// one service method and is safe to run twice.
package jobs
