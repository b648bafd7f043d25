package surveys

// Vector is one response: one byte a slot, in the order of the instrument's
// slots (Instrument.Slots). Free text is kept apart. The length equals the
// number of slots of the published version; bytes are values 0–200 or a code.
type Vector []byte

// Codes of a slot that holds no value. They are three different states and are
// never counted as zero; NotServed is an item that the person was not asked.
const (
	Missing   byte = 0xFF
	NA        byte = 0xFE
	DK        byte = 0xFD
	NotServed byte = 0xFC
	MaxValue  byte = 200
)

// IsValue reports whether b is an answer and not one of the codes.
func IsValue(b byte) bool { return b <= MaxValue }

// Slot is one byte of a Vector.
type Slot struct {
	Item   int // index into Instrument.Items()
	Option int // for multiple and projects scales: which option; -1 otherwise
}
