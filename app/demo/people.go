package demo

import (
	"math"
	"math/rand/v2"
	"strconv"

	"traguardo/surveys"
)

// person is an invented employee: what he or she can do, and how he or she
// answers. It exists only while the demonstration is made.
type person struct {
	skill  map[surveys.Area]float64 // around 0, standard deviation about 1
	family surveys.RoleFamily
	mood   float64 // leaning of attitudes
	skips  float64 // share of questions left out
	unsure float64 // leaning towards "do not know"
}

// newPerson draws somebody from a Comune whose staff stands at mean.
func newPerson(r *rand.Rand, mean float64, family surveys.RoleFamily) person {
	p := person{skill: map[surveys.Area]float64{}, family: family, mood: r.NormFloat64() * 0.6, skips: 0.01 + 0.03*r.Float64(), unsure: 0.15 + 0.5*r.Float64()}
	general := r.NormFloat64() * 0.8
	for _, a := range []surveys.Area{surveys.PIA, surveys.SIC, surveys.COM, surveys.DOC, surveys.STR, surveys.GEN} {
		p.skill[a] = mean + general + r.NormFloat64()*0.5
	}
	return p
}

// later is the same person at the next wave.
func (p person) later(r *rand.Rand) person {
	next := p
	next.skill = map[surveys.Area]float64{}
	for _, a := range []surveys.Area{surveys.PIA, surveys.SIC, surveys.COM, surveys.DOC, surveys.STR, surveys.GEN} {
		next.skill[a] = p.skill[a] + drift(a) + r.NormFloat64()*0.35
	}
	next.mood += 0.15 + r.NormFloat64()*0.2
	return next
}

// answer returns what the person's form sends for one question; nil when skipped.
func (p person) answer(r *rand.Rand, in *surveys.Instrument, it surveys.ServedItem) []string {
	if r.Float64() < p.skips {
		return nil
	}
	switch it.Kind {
	case surveys.ScaleLinear:
		return p.linear(r, in, it)
	case surveys.ScaleKey:
		return p.key(r, it)
	case surveys.ScaleSingle:
		return p.single(r, it)
	case surveys.ScaleMultiple, surveys.ScaleProjects:
		return p.several(r, it)
	case surveys.ScaleText, surveys.ScaleCode:
		return nil
	default:
		return nil
	}
}

// linear picks a point of an ordered scale; reversed sentences turn the leaning.
func (p person) linear(r *rand.Rand, in *surveys.Instrument, it surveys.ServedItem) []string {
	options := in.OptionsOf(it.Item)
	scale := in.ScaleOf(it.Item)
	if scale.NA != nil && r.Float64() < 0.06 {
		return []string{"na"}
	}
	lean := p.skill[it.Area]
	if it.Area == surveys.GEN {
		lean = p.mood
	}
	if it.Reverse {
		lean = -lean
	}
	if it.Foil {
		lean = -1.6
	}
	middle := float64(len(options)-1) / 2
	at := int(math.Round(middle + lean*float64(len(options))/5 + r.NormFloat64()*0.6))
	at = min(max(at, 0), len(options)-1)
	return []string{strconv.Itoa(int(options[at].Value))}
}

// key answers a knowledge question: right with a chance that grows with skill.
func (p person) key(r *rand.Rand, it surveys.ServedItem) []string {
	right := 1 / (1 + math.Exp(-(p.skill[it.Area]*1.1 + 0.1)))
	if r.Float64() > right && r.Float64() < p.unsure {
		return []string{"dk"}
	}
	known := r.Float64() < right
	var wrong []string
	for _, c := range it.Choices {
		option, isOption := optionOf(it.Item, c.Field)
		switch {
		case isOption && option.Key && known:
			return []string{c.Field}
		case isOption && !option.Key:
			wrong = append(wrong, c.Field)
		}
	}
	return []string{wrong[r.IntN(len(wrong))]}
}

func optionOf(it surveys.Item, field string) (surveys.Option, bool) {
	for _, o := range it.Options {
		if strconv.Itoa(int(o.Value)) == field {
			return o, true
		}
	}
	return surveys.Option{}, false
}

// single picks a profile band: the office family for P-01, the others by chance.
func (p person) single(r *rand.Rand, it surveys.ServedItem) []string {
	return []string{it.Choices[r.IntN(len(it.Choices))].Field}
}

// several ticks one or two choices that can stand together.
func (p person) several(r *rand.Rand, it surveys.ServedItem) []string {
	if len(it.Choices) == 0 {
		return nil
	}
	first := it.Choices[r.IntN(len(it.Choices))]
	if first.Exclusive || r.Float64() < 0.5 {
		return []string{first.Field}
	}
	second := it.Choices[r.IntN(len(it.Choices))]
	if second.Exclusive || second.Field == first.Field || !it.Many {
		return []string{first.Field}
	}
	return []string{first.Field, second.Field}
}
