package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"traguardo/app/service"
	"traguardo/plans"
)

// changesView is the page "plan/changes": what changed since an approval.
type changesView struct {
	Chrome
	Act      string
	Reason   string
	Hash     string
	Data     string // address of the frozen data
	Against  string // what it is compared with, in words
	Table    Table
	Same     bool
	Versions []Link
}

// versionOf reads the number of a version from the address.
func versionOf(c *fiber.Ctx) (int, error) {
	n, err := strconv.Atoi(c.Params("versione"))
	if err != nil || n < 1 {
		return 0, fiber.ErrNotFound
	}
	return n, nil
}

func (s *Server) planChanges(c *fiber.Ctx) (service.PlanChanges, error) {
	id, err := pathID(c, "ente")
	if err != nil {
		return service.PlanChanges{}, err
	}
	n, err := versionOf(c)
	if err != nil {
		return service.PlanChanges{}, err
	}
	return s.svc.PlanChanges(c.UserContext(), actor(c), id, n)
}

// showChanges handles GET /enti/:ente/piano/versioni/:versione: «che cosa è
// cambiato dalla delibera».
func (s *Server) showChanges(c *fiber.Ctx) error {
	v, err := s.planChanges(c)
	if err != nil {
		return err
	}
	p := changesView{Chrome: s.enteChrome(c, v.Place, "plan.changes_title", sectionPlan)}
	base := planPath(v.Place.Ente.ID)
	p.Breadcrumbs = append(p.Breadcrumbs, Link{Label: p.T("plan.title"), Href: base})
	p.Act, p.Reason, p.Hash = p.actText(v.Version), v.Version.Reason, v.Version.SHA256
	p.Lead, p.Against = p.T("plan.changes_lead"), p.T("plan.against_today")
	if v.Against > 0 {
		p.Against = p.T("plan.against_version", "Version", strconv.Itoa(v.Against))
	}
	for _, other := range v.Plan().Versions {
		href := base + "/versioni/" + strconv.Itoa(other.Number)
		p.Versions = append(p.Versions, Link{Label: p.actText(other), Href: href, Current: other.Number == v.Version.Number})
	}
	p.Data = base + "/versioni/" + strconv.Itoa(v.Version.Number) + "/dati.json"
	p.Same = len(v.Changes) == 0
	p.Table = p.changeTable(v)
	return c.Render("plan/changes", p)
}

func (p changesView) changeTable(v service.PlanChanges) Table {
	t := Table{ID: "cambiamenti", Caption: p.T("plan.changes_caption"), Hidden: true, Columns: []Column{{Label: p.T("plan.change_what")}, {Label: p.T("plan.change_field")},
		{Label: p.T("plan.change_old")}, {Label: p.T("plan.change_new")}}}
	for _, ch := range v.Changes {
		what := ch.Title
		if ch.Kind == plans.ChangeFrame {
			what = p.T("plan.change_frame")
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: what}, {Text: p.changeName(ch)}, {Text: ch.Old}, {Text: ch.New}}})
	}
	return t
}

// changeName names what changed in the reader's language.
func (p Chrome) changeName(ch plans.Change) string {
	switch ch.Kind {
	case plans.ChangeAdded:
		return p.T("plan.change_added")
	case plans.ChangeRemoved:
		return p.T("plan.change_removed")
	case plans.ChangeFrame, plans.ChangeField:
	}
	name, rest := ch.Field, ""
	for i, r := range ch.Field {
		if r == '.' {
			name, rest = ch.Field[:i], " "+ch.Field[i+1:]
			break
		}
	}
	if q, err := plans.ParseQuarter(ch.Field[min(len(ch.Field), len(name)+1):]); err == nil {
		rest = " " + q.Label(p.Lang())
	}
	return p.T("plan.diff_"+name) + rest
}

// downloadVersion handles GET /enti/:ente/piano/versioni/:versione/dati.json: the
// frozen bytes, whose SHA-256 is printed with the act.
func (s *Server) downloadVersion(c *fiber.Ctx) error {
	v, err := s.planChanges(c)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="piano-versione-`+strconv.Itoa(v.Version.Number)+`.json"`)
	return c.Send(v.Version.JSON)
}
