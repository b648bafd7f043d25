// Package privacy holds disclosure control: which figures about a group of
// employees may leave the server and which may not. It is pure arithmetic: it
// knows no survey item, no HTTP, no SQL, no clock and no random source.
//
// Words: a Figure is a number that may be withheld; when it is, it holds only its
// State, never the number, the count or an interval. Primary suppression hides
// what too few people gave; complementary suppression hides enough more that the
// first cannot be computed back from totals. A category is one answer of a scale;
// an atom is a set of people that the published sets cannot tell apart.
//
// Sources: questionnaires.md §8 (display and suppression), methodology.md §2.10.
package privacy
