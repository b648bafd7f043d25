package comune

import (
	"fmt"
	"strings"

	"traguardo/surveys"
)

// Comune is one entry of the national registry.
type Comune struct {
	Catastale     CodiceCatastale
	ISTAT         CodiceISTAT   // current code
	ISTATPrev     []CodiceISTAT // codes before a change of province (377 Sardinian Comuni); nil when none
	IPA           CodiceIPA     // empty when the register's code is not known
	Name          string        // Italian name, or the only one
	OtherName     string        // name in the other language of a bilingual Comune; empty when none
	ProvinceSigla string        // two letters; "NA" is Napoli
	Province      string
	Region        string
	RegionCode    string // two digits

	ProvincialCapital bool
	RegionalCapital   bool

	PopulationLegal2021    int    // census; 0 when unknown (no Comune has 0 inhabitants)
	PopulationResident2022 int    // latest found; 0 when unknown
	PopulationNote         string // e.g. sum of the merged Comuni; empty when none
}

// Population returns the latest population known: residents of 2022, else the
// legal one of 2021, else 0 for unknown.
func (c Comune) Population() int {
	if c.PopulationResident2022 > 0 {
		return c.PopulationResident2022
	}
	return c.PopulationLegal2021
}

// Class returns the population class of the Comune.
func (c Comune) Class() Class { return PopulationClass(c.Population()) }

// Label returns the name with the sigla of the province, as lists must show it
// because five names belong to two Comuni each: "Samone (TN)". The other name of
// a bilingual Comune follows the first: "Bolzano / Bozen (BZ)".
func (c Comune) Label() string {
	name := c.Name
	if c.OtherName != "" {
		name += " / " + c.OtherName
	}
	return name + " (" + c.ProvinceSigla + ")"
}

// SearchText returns both names as Fold leaves them, " | " between them: the
// column that a database searches with LIKE.
func (c Comune) SearchText() string {
	if c.OtherName == "" {
		return Fold(c.Name)
	}
	return Fold(c.Name) + " | " + Fold(c.OtherName)
}

// MetropolitanCapital reports whether the Comune is the capital of a
// metropolitan city, from the named list of MetropolitanCapital.
func (c Comune) MetropolitanCapital() bool { return MetropolitanCapital(c.Catastale) }

// MetropolitanCapital reports whether the code is that of the capital of one of
// the fifteen metropolitan cities: Torino, Milano, Venezia, Genova, Bologna,
// Firenze, Roma, Napoli, Bari, Reggio di Calabria, Palermo, Catania, Messina,
// Cagliari, and Sassari since its own was set up. The list is by name: the code
// of the territorial unit does not tell (shared/data/SOURCES-open-data.md).
func MetropolitanCapital(c CodiceCatastale) bool {
	switch c {
	case "L219", "F205", "L736", "D969", "A944", "D612", "H501", "F839",
		"A662", "H224", "G273", "C351", "F158", "B354", "I452":
		return true
	}
	return false
}

// Ente is a body that works with the product: a Comune of the registry, or a
// fictitious one for demonstrations. Its codes are attributes; its ID is the key.
type Ente struct {
	ID                surveys.ID
	Name              string
	OtherName         string
	Catastale         CodiceCatastale // empty for a fictitious ente
	ISTAT             CodiceISTAT     // empty for a fictitious ente
	ISTATPrev         []CodiceISTAT
	IPA               CodiceIPA // empty when unknown
	ProvinceSigla     string
	Province          string
	Region            string
	ProvincialCapital bool
	RegionalCapital   bool
	Population        int    // inhabitants; 0 when unknown
	Fictitious        bool   // every page and PDF says «dato dimostrativo»
	PTIEdition        string // edition of the Piano triennale in force for the ente
	Threshold         int    // smallest group shown, at least surveys.MinThreshold
}

// NewEnte makes the ente of a Comune of the registry, with the lowest threshold
// allowed. The caller gives a random id and the PTI edition.
func NewEnte(id surveys.ID, c Comune, ptiEdition string) Ente {
	return Ente{
		ID: id, Name: c.Name, OtherName: c.OtherName,
		Catastale: c.Catastale, ISTAT: c.ISTAT, ISTATPrev: append([]CodiceISTAT(nil), c.ISTATPrev...), IPA: c.IPA,
		ProvinceSigla: c.ProvinceSigla, Province: c.Province, Region: c.Region,
		ProvincialCapital: c.ProvincialCapital, RegionalCapital: c.RegionalCapital,
		Population: c.Population(), PTIEdition: ptiEdition, Threshold: surveys.MinThreshold,
	}
}

// DemoPrefix begins the invented codes by which commands name fictitious enti; no
// code of the real index begins so.
const DemoPrefix = "demo_"

// Validate reports the first thing that makes the ente impossible
// (surveys.ErrInvalid): no name, a threshold under surveys.MinThreshold, a real ente
// without its codes, or a fictitious one that carries a real Comune's code.
func (e Ente) Validate() error {
	switch {
	case strings.TrimSpace(e.Name) == "":
		return fmt.Errorf("%w: ente without a name", surveys.ErrInvalid)
	case e.Threshold < surveys.MinThreshold:
		return fmt.Errorf("%w: threshold %d is under %d", surveys.ErrInvalid, e.Threshold, surveys.MinThreshold)
	case e.Population < 0:
		return fmt.Errorf("%w: population %d", surveys.ErrInvalid, e.Population)
	case e.Fictitious && (e.Catastale != "" || e.ISTAT != "" || (e.IPA != "" && !strings.HasPrefix(string(e.IPA), DemoPrefix))):
		return fmt.Errorf("%w: a fictitious ente carries the code of a real one", surveys.ErrInvalid)
	case e.Fictitious:
		return nil
	}
	if _, err := ParseCatastale(string(e.Catastale)); err != nil {
		return err
	}
	if _, err := ParseISTAT(string(e.ISTAT)); err != nil {
		return err
	}
	return nil
}

// RaiseThreshold sets a higher threshold and refuses one lower than the present
// (surveys.ErrInvalid), so that a second look can never show a smaller group.
func (e *Ente) RaiseThreshold(n int) error {
	if n < e.Threshold || n < surveys.MinThreshold {
		return fmt.Errorf("%w: threshold %d may not be lowered to %d", surveys.ErrInvalid, e.Threshold, n)
	}
	e.Threshold = n
	return nil
}

// Class returns the population class of the ente.
func (e Ente) Class() Class { return PopulationClass(e.Population) }

// MetropolitanCapital reports whether the ente is the capital of a metropolitan city.
func (e Ente) MetropolitanCapital() bool { return MetropolitanCapital(e.Catastale) }
