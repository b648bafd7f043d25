// Package notify carries messages out of the outbox. SMTP is the first channel.
// It knows nothing of why a message is sent, and its errors hold no address.
package notify
