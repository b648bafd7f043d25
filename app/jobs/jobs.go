package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"traguardo/app/notify"
	"traguardo/app/service"
	"traguardo/app/storage"
)

// Runner runs the jobs. Start it once; Stop waits for the jobs under way.
type Runner struct{ client *river.Client[*sql.Tx] }

type (
	mailArgs  struct{}
	sweepArgs struct{}
	waveArgs  struct{}
)

func (mailArgs) Kind() string  { return "mail" }
func (sweepArgs) Kind() string { return "sweep" }
func (waveArgs) Kind() string  { return "waves" }

// New prepares the runner. mailer may be nil: mail then stays in the outbox.
func New(store *storage.Store, svc *service.Service, mailer notify.Mailer, log *slog.Logger) (*Runner, error) {
	driver, err := store.QueueDriver()
	if err != nil {
		return nil, err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[sweepArgs]) error {
		return svc.Sweep(ctx)
	}))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[waveArgs]) error { return svc.AdvanceWaves(ctx) }))
	schedule := []*river.PeriodicJob{every(15*time.Minute, sweepArgs{}), every(20*time.Second, waveArgs{})}
	if mailer != nil {
		river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[mailArgs]) error {
			_, err := svc.DeliverMail(ctx, mailer)
			return err
		}))
		schedule = append(schedule, every(20*time.Second, mailArgs{}))
	}
	client, err := river.NewClient(driver, &river.Config{
		Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2}},
		Workers:           workers,
		PeriodicJobs:      schedule,
		Logger:            log,
		FetchPollInterval: 2 * time.Second,
		JobTimeout:        5 * time.Minute,
	})
	if err != nil {
		return nil, fmt.Errorf("preparing the jobs: %w", err)
	}
	return &Runner{client: client}, nil
}

// every runs a job at once and then at each interval; a run still waiting is not doubled.
func every(d time.Duration, args river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(d), func() (river.JobArgs, *river.InsertOpts) {
		return args, &river.InsertOpts{MaxAttempts: 3, UniqueOpts: river.UniqueOpts{ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled}}}
	}, &river.PeriodicJobOpts{RunOnStart: true})
}

// Start begins to work until Stop.
func (r *Runner) Start(ctx context.Context) error {
	return r.client.Start(context.WithoutCancel(ctx))
}

// Stop waits for the jobs under way, until ctx ends.
func (r *Runner) Stop(ctx context.Context) error { return r.client.Stop(ctx) }
