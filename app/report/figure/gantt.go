package figure

import (
	"strconv"

	"traguardo/app/report/fonts"
)

// TaskState is the state of a Gantt bar; it chooses colour and pattern.
type TaskState int

// The states of a project, as the drawing tells them apart.
const (
	TaskPlanned   TaskState = iota // not begun
	TaskRunning                    // begun
	TaskSuspended                  // begun and stopped for now
	TaskDone                       // handed over or accepted
	TaskLate                       // begun or due, and late
	TaskCanceled                   // given up
)

// GanttRow is one project. Start and End are quarters counted from the first
// of the figure (0-based, both included); a row without place has End < Start.
type GanttRow struct {
	Label      string
	Start, End int
	State      TaskState
	Progress   float64 // 0–1 of the work done; drawn as a solid share
}

// GanttData is the input of Gantt. The figure begins at the quarter FirstQuarter
// (1–4) of FirstYear and has Quarters columns.
type GanttData struct {
	Title        string
	FirstYear    int
	FirstQuarter int
	Quarters     int
	Rows         []GanttRow
	Now          int // quarter of the report's date, drawn as a line; −1: none
}

// Geometry of Gantt, in units.
const (
	ganttX0   = 236.0
	ganttTop  = 40.0
	ganttStep = 36.0
	ganttBar  = 16.0
)

// Gantt draws projects over quarters.
func (d *Drawer) Gantt(in GanttData) Figure {
	s := &sheet{Drawer: d}
	head := []string{d.t("figure.project"), d.t("figure.start"), d.t("figure.end"), d.t("figure.state")}
	if len(in.Rows) == 0 || in.Quarters <= 0 {
		return s.none(in.Title, head)
	}
	bottom := ganttTop + float64(len(in.Rows))*ganttStep
	step := (Width - ganttX0) / float64(in.Quarters)
	s.quarters(in, step, bottom)
	data := Table{Head: head}
	for i, r := range in.Rows {
		y := ganttTop + (float64(i)+0.5)*ganttStep
		if i > 0 {
			s.hline(0, Width, y-ganttStep/2, Grid, 0.6)
		}
		s.label(0, y, ganttX0-12, r.Label, 2)
		row := []string{r.Label, "–", "–", d.taskState(r.State)}
		if r.End >= r.Start && r.End >= 0 && r.Start < in.Quarters {
			from, to := max(r.Start, 0), min(r.End, in.Quarters-1)
			x := ganttX0 + float64(from)*step + 1.5
			s.task(r, x, y, float64(to-from+1)*step-3)
			row[1], row[2] = in.quarterName(d, r.Start), in.quarterName(d, r.End)
		} else {
			words := d.t("figure.unplaced")
			w := d.m.Width(fonts.Regular, smallSize, words)
			s.add(Rect{X: ganttX0 + 4, Y: y - 8, W: w + 8, H: 16, Fill: Fill{Role: Paper}})
			s.text(ganttX0+8, y+smallSize*0.34, words, smallSize, Start, Muted, false)
		}
		data.Rows = append(data.Rows, row)
	}
	if in.Now >= 0 && in.Now < in.Quarters {
		x := ganttX0 + (float64(in.Now)+0.5)*step
		s.add(Line{Point{x, ganttTop - 6}, Point{x, bottom + 4}, Stroke{Role: Warn, Width: 1.6, Dash: 4}})
	}
	end := s.legend(bottom+12, s.ganttKeys(in))
	return s.finish(in.Title, end, data)
}

// quarterName writes quarter i as "T3 2027".
func (g GanttData) quarterName(d *Drawer, i int) string {
	q := g.FirstQuarter - 1 + i
	year := g.FirstYear + floorDiv(q, 4)
	return d.t("figure.quarter", "Q", strconv.Itoa(q-4*floorDiv(q, 4)+1)) + " " + strconv.Itoa(year)
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// quarters draws the two header lines and the vertical grid.
func (s *sheet) quarters(in GanttData, step, bottom float64) {
	s.add(Rect{X: ganttX0, Y: 0, W: Width - ganttX0, H: ganttTop - 4, Fill: Fill{Role: Faint}})
	for i := 0; i < in.Quarters; i++ {
		x := ganttX0 + float64(i)*step
		q := (in.FirstQuarter - 1 + i) % 4
		if q == 0 || i == 0 {
			s.vline(x, 0, bottom, Muted, 1)
			left := min(4-q, in.Quarters-i)
			year := strconv.Itoa(in.FirstYear + (in.FirstQuarter-1+i)/4)
			if s.m.Width(fonts.Bold, textSize, year) < float64(left)*step-4 {
				s.text(x+float64(left)*step/2, 14, year, textSize, Middle, Ink, true)
			}
		} else {
			s.vline(x, 20, bottom, Grid, 1)
		}
		s.text(x+step/2, 31, s.t("figure.quarter", "Q", strconv.Itoa(q+1)), smallSize, Middle, Muted, false)
	}
	s.hline(0, Width, ganttTop-4, Muted, 1)
	s.hline(0, Width, bottom, Grid, 1)
}

// taskLook returns fill and outline of a state.
func taskLook(st TaskState) (Fill, Stroke) {
	switch st {
	case TaskRunning:
		return Fill{Evidenced, Hatch}, Stroke{Role: Evidenced, Width: 1.2}
	case TaskSuspended:
		return Fill{Muted, Stripe}, Stroke{Role: Muted, Width: 1.2}
	case TaskDone:
		return Fill{Role: Good}, Stroke{Role: Good, Width: 1.2}
	case TaskLate:
		return Fill{Warn, Back}, Stroke{Role: Warn, Width: 1.2}
	case TaskCanceled:
		return Fill{Role: Paper}, Stroke{Role: Muted, Width: 1.2, Dash: 3}
	case TaskPlanned:
		return Fill{Role: Heat1}, Stroke{Role: Evidenced, Width: 1.2}
	default:
		return Fill{Role: Paper}, Stroke{Role: Muted, Width: 1.2}
	}
}

func (s *sheet) task(r GanttRow, x, y, w float64) {
	f, st := taskLook(r.State)
	s.add(Rect{X: x, Y: y - ganttBar/2, W: w, H: ganttBar, Fill: f, Stroke: st, Tip: r.Label + ": " + s.taskState(r.State)})
	if (r.State == TaskRunning || r.State == TaskLate || r.State == TaskSuspended) && r.Progress > 0 {
		s.add(Rect{X: x, Y: y - ganttBar/2, W: w * clamp(r.Progress, 0, 1), H: ganttBar, Fill: Fill{Role: st.Role}})
	}
	if r.State == TaskCanceled {
		s.hline(x, x+w, y, Muted, 1.2)
	}
}

func (d *Drawer) taskState(st TaskState) string {
	switch st {
	case TaskRunning:
		return d.t("figure.task_running")
	case TaskSuspended:
		return d.t("figure.task_suspended")
	case TaskDone:
		return d.t("figure.task_done")
	case TaskLate:
		return d.t("figure.task_late")
	case TaskCanceled:
		return d.t("figure.task_canceled")
	case TaskPlanned:
		return d.t("figure.task_planned")
	default:
		return "–"
	}
}

func (s *sheet) ganttKeys(in GanttData) []key {
	seen := map[TaskState]bool{}
	for _, r := range in.Rows {
		seen[r.State] = true
	}
	var keys []key
	for _, st := range []TaskState{TaskPlanned, TaskRunning, TaskSuspended, TaskDone, TaskLate, TaskCanceled} {
		if seen[st] {
			f, o := taskLook(st)
			keys = append(keys, key{s.taskState(st), s.box(f, o)})
		}
	}
	if in.Now >= 0 && in.Now < in.Quarters {
		keys = append(keys, key{s.t("figure.now"), func(x, y float64) {
			s.add(Line{Point{x + 11, y - 1}, Point{x + 11, y + 13}, Stroke{Role: Warn, Width: 1.6, Dash: 4}})
		}})
	}
	return keys
}
