package service_test

import (
	"testing"
	"time"

	"traguardo/app/service"
	"traguardo/app/storage"
)

// Carrying out stays under way when the second measure was begun before all of it ended.
func TestCarryingOutGoesOn(t *testing.T) {
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	closed := storage.WaveProgress{}
	closed.Assessment.State, closed.Survey.State = "closed", "closed"
	for _, c := range []struct {
		finished, projects int
		want               service.StepState
	}{{0, 4, service.StepTodo}, {1, 4, service.StepGoing}, {4, 4, service.StepDone}} {
		var p service.Percorso
		p.Staff, p.ExAnte, p.ExPost = 12, closed, closed
		p.Plan.State, p.Plan.ApprovedAt, p.Plan.Finished, p.Plan.Projects = "approved", day, c.finished, c.projects
		if got := p.State(service.StepTrack); got != c.want {
			t.Errorf("%d of %d ended: got %s, want %s", c.finished, c.projects, got, c.want)
		}
	}
}
