package web

import "github.com/gofiber/fiber/v2"

// healthRoutes answer without session: alive tells that the process runs, ready
// that it can serve.
func (s *Server) healthRoutes() {
	s.app.Get("/salute/vivo", func(c *fiber.Ctx) error { return c.JSON(fiber.Map{"status": "ok", "version": s.version}) })
	s.app.Get("/salute/pronto", s.ready)
}

// routes lists every address of the site, grouped: public, respondents, signed
// in, one ente, one programme, the system. Paths are Italian.
func (s *Server) routes() {
	s.publicRoutes(s.app)
	s.respondentRoutes(s.app)
	in := s.app.Group("", s.signedIn)
	s.accountRoutes(in)
	s.systemRoutes(in.Group("/sistema"))
	s.programmeRoutes(in.Group("/programmi"))
	ente := in.Group("/enti/:ente")
	s.setupRoutes(ente)
	s.assessmentRoutes(ente)
	s.campaignRoutes(ente)
	s.resultRoutes(ente)
	s.planRoutes(ente)
	s.trackRoutes(ente)
	s.reportRoutes(ente)
	s.app.Use(func(*fiber.Ctx) error { return fiber.ErrNotFound })
}

// publicRoutes are open to everybody.
func (s *Server) publicRoutes(r fiber.Router) {
	r.Get("/accedi", s.showSignIn)
	r.Post("/accedi", s.signIn)
	r.Get("/lingua/:lang", s.switchLanguage)
}

// respondentRoutes belong to the holders of a personal link: no account.
func (s *Server) respondentRoutes(r fiber.Router) {
	r.Get("/q", s.showRespondent)
	r.Get("/q/carta", s.showPairCard)
	r.Post("/q/carta", s.savePairCard)
	r.Get("/q/parte/:n", s.showPart)
	r.Post("/q/parte/:n", s.savePart)
	r.Post("/q/salva", s.autosavePart)
	r.Get("/q/rivedi", s.showReview)
	r.Post("/q/invia", s.submitAnswers)
	r.Get("/q/grazie", s.showThanks)
	r.Get("/q/:token", s.openLink)
}

// accountRoutes belong to everybody who is signed in.
func (s *Server) accountRoutes(r fiber.Router) {
	r.Get("/", s.showHome)
	r.Post("/esci", s.signOut)
}

// systemRoutes belong to the administrator of the system.
func (s *Server) systemRoutes(_ fiber.Router) {
}

// programmeRoutes belong to coordinators and facilitators.
func (s *Server) programmeRoutes(r fiber.Router) {
	r.Get("/:programma", s.showProgramme)
	r.Get("/:programma/percorsi", s.showProgrammePaths)
}

// setupRoutes: the ente, its offices, its staff list, its people; and the percorso.
func (s *Server) setupRoutes(r fiber.Router) {
	r.Get("/", s.showEnte)
}

// assessmentRoutes: MAT, indicator by indicator, with evidence.
func (s *Server) assessmentRoutes(r fiber.Router) {
	r.Get("/valutazioni", s.showWaves)
	r.Post("/valutazioni", s.openAssessment)
	r.Get("/valutazioni/:ondata", s.showAssessment)
	r.Get("/valutazioni/:ondata/chiusura", s.showClosing)
	r.Post("/valutazioni/:ondata/chiusura", s.closeAssessment)
	r.Get("/valutazioni/:ondata/verifiche", s.showReviews)
	r.Get("/valutazioni/:ondata/:codice", s.showCard)
	r.Post("/valutazioni/:ondata/:codice", s.saveRating)
	r.Post("/valutazioni/:ondata/:codice/assegna", s.assignIndicator)
	r.Post("/valutazioni/:ondata/:codice/verifica", s.reviewIndicator)
	r.Post("/valutazioni/:ondata/:codice/prove", s.addEvidence)
	r.Post("/valutazioni/:ondata/:codice/prove/:prova/revoca", s.revokeEvidence)
	r.Get("/allegati/:file", s.sendFile)
}

// campaignRoutes: the waves of the staff survey, seen from the ente.
func (s *Server) campaignRoutes(r fiber.Router) {
	r.Get("/rilevazioni", s.showCampaigns)
	r.Get("/rilevazioni/nuova", s.newCampaign)
	r.Post("/rilevazioni/nuova", s.createCampaign)
	r.Get("/rilevazioni/:id", s.showCampaign)
	r.Get("/rilevazioni/:id/modifica", s.editCampaign)
	r.Post("/rilevazioni/:id/modifica", s.updateCampaign)
	r.Post("/rilevazioni/:id/elimina", s.removeCampaign)
	r.Post("/rilevazioni/:id/inviti", s.prepareInvitations)
	r.Post("/rilevazioni/:id/apri", s.openCampaign)
	r.Post("/rilevazioni/:id/annulla-apertura", s.unscheduleCampaign)
	r.Post("/rilevazioni/:id/promemoria", s.remindCampaign)
	r.Post("/rilevazioni/:id/proroga", s.extendCampaign)
	r.Post("/rilevazioni/:id/chiudi", s.closeCampaign)
	r.Get("/rilevazioni/:id/lettere", s.showLetters)
	r.Get("/rilevazioni/:id/carte", s.showPairCards)
}

// resultRoutes: what closed waves show.
func (s *Server) resultRoutes(r fiber.Router) {
	r.Get("/risultati", s.showLatestResults)
	r.Get("/risultati/:ondata", s.showResults)
	r.Get("/risultati/:ondata/perche", s.showWhy)
	r.Get("/risultati/:ondata/divari", s.showGaps)
	r.Get("/risultati/:ondata/variazione", s.showChange)
	r.Get("/risultati/:ondata/metodo", s.showMethod)
	r.Get("/risultati/:ondata/aree/:area", s.showArea)
}

// planRoutes: candidates, proposal, editing, approval.
func (s *Server) planRoutes(r fiber.Router) {
	r.Get("/piano", s.showPlan)
	r.Get("/piano/limiti", s.showLimits)
	r.Post("/piano/limiti", s.saveLimits)
	r.Get("/piano/punti", s.showPlanPoints)
	r.Post("/piano/libera", s.freeWishes)
	r.Post("/piano/proponi", s.proposePlan)
	r.Post("/piano/ritira", s.withdrawPlan)
	r.Post("/piano/approva", s.approvePlan)
	r.Post("/piano/modifica", s.amendPlan)
	r.Post("/piano/ripristina", s.restorePlan)
	r.Get("/piano/versioni/:versione", s.showChanges)
	r.Get("/piano/versioni/:versione/dati.json", s.downloadVersion)
	r.Get("/piano/progetti/nuovo", s.showNewProject)
	r.Post("/piano/progetti/nuovo", s.addProject)
	r.Get("/piano/progetti/:progetto", s.showProject)
	r.Post("/piano/progetti/:progetto/scelta", s.setWish)
	r.Get("/piano/progetti/:progetto/modifica", s.showProjectForm)
	r.Post("/piano/progetti/:progetto/modifica", s.saveProject)
	r.Post("/piano/progetti/:progetto/elimina", s.removeProject)
	r.Get("/catalogo", s.showCatalogue)
	r.Get("/catalogo/:codice", s.showTemplate)
}

// trackRoutes: states, milestones, tasks, money, PTI lines, calendar.
func (s *Server) trackRoutes(_ fiber.Router) {
}

// reportRoutes: PDFs and their HTML twins.
func (s *Server) reportRoutes(_ fiber.Router) {
}
