package pti

import (
	"fmt"
	"io/fs"
	"sort"
	"time"

	"traguardo/plans"
	"traguardo/surveys"
)

// Obligation is a yearly duty around the plan.
type Obligation struct {
	ID         string       `yaml:"id"`
	Month      time.Month   `yaml:"month"`
	Day        int          `yaml:"day"` // last day on which it is in time, 1–28 for February
	Area       surveys.Area `yaml:"area"`
	Title      surveys.Text `yaml:"title"`
	Satisfies  surveys.Text `yaml:"satisfies"`  // what proves it
	Law        string       `yaml:"law"`        // Italian citation
	Source     string       `yaml:"source"`     // where we read it, Italian
	ToVerify   bool         `yaml:"to_verify"`  // day or scope come from unofficial sources: the page must say so
	Indicators []string     `yaml:"indicators"` // MAT indicators it belongs to
	Lines      []string     `yaml:"lines"`      // lines that ask for the same thing in one of its years
	Rule       Rule         `yaml:"rule"`
}

// On returns the day of the obligation in a year.
func (o Obligation) On(year int) plans.Date {
	return plans.Date{Year: year, Month: o.Month, Day: o.Day}
}

// validate refuses an obligation without words, source or a day that every year has.
func (o Obligation) validate() error {
	if o.ID == "" || !both(o.Title) || !both(o.Satisfies) || o.Law == "" || o.Source == "" || !isArea(o.Area) {
		return fmt.Errorf("%w: not complete", plans.ErrInvalid)
	}
	if d := o.On(2023); plans.DateOf(d.Time()) != d { // 2023 is no leap year
		return fmt.Errorf("%w: no day %d of month %d", plans.ErrInvalid, o.Day, o.Month)
	}
	return nil
}

// readObligations reads obligations.yaml, sorted by day of the year and id.
func readObligations(fsys fs.FS) ([]Obligation, error) {
	var file struct {
		Obligations []Obligation `yaml:"obligations"`
	}
	if err := decode(fsys, "obligations.yaml", &file); err != nil {
		return nil, err
	}
	list := file.Obligations
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i].On(2023), list[j].On(2023)
		if a != b {
			return a.Before(b)
		}
		return list[i].ID < list[j].ID
	})
	return list, nil
}
