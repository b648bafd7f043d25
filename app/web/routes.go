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
	r.Get("/avvio", s.showSetUp)
	r.Post("/avvio", s.setUp)
	r.Get("/password/dimenticata", s.showForgotten)
	r.Post("/password/dimenticata", s.forgotten)
	r.Get("/password/scegli/:token", s.showChoose)
	r.Post("/password/scegli/:token", s.choose)
	r.Get("/accessibilita", s.showAccessibility)
	r.Post("/accessibilita", s.once(s.sendFeedback))
	r.Get("/privacy", s.showPrivacy)
	r.Get("/note-legali", s.showLegal)
	r.Get("/versione", s.showVersion)
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
	r.Get("/password/nuova", s.showPasswordChange)
	r.Post("/password/nuova", s.changePassword)
	r.Get("/enti/nuovo", s.showNewEnte)
	r.Post("/enti/nuovo", s.addEnte)
}

// systemRoutes belong to the administrator of the system.
func (s *Server) systemRoutes(r fiber.Router) {
	r.Get("/", s.showSystem)
	r.Post("/posta/riprova", s.retryMail)
	r.Get("/utenti", s.showUsers)
	r.Get("/utenti/nuovo", s.showNewUser)
	r.Post("/utenti/nuovo", s.addUser)
	r.Get("/utenti/:utente", s.showUser)
	r.Post("/utenti/:utente", s.updateUser)
	r.Post("/utenti/:utente/accesso", s.setUserAccess)
	r.Post("/utenti/:utente/password", s.resetUser)
	r.Post("/utenti/:utente/ruoli", s.addUserRole)
	r.Post("/utenti/:utente/ruoli/:incarico/togli", s.removeUserRole)
	r.Get("/enti", s.showAllEnti)
	r.Get("/registro", s.showRegistry)
	r.Post("/registro/:tipo", s.importRegistry)
}

// programmeRoutes belong to coordinators and facilitators.
func (s *Server) programmeRoutes(r fiber.Router) {
	r.Get("/", s.showProgrammes)
	r.Get("/nuovo", s.showNewProgramme) // before :programma
	r.Post("/nuovo", s.once(s.addProgramme))
	r.Get("/:programma", s.showProgramme)
	r.Get("/:programma/percorsi", s.showProgrammePaths)
	r.Get("/:programma/domande", s.showItems)
	r.Post("/:programma/domande", s.computeItems)
	r.Get("/:programma/rilevazioni/nuova", s.showProgrammeWave)
	r.Post("/:programma/rilevazioni/nuova", s.prepareProgrammeWave)
	r.Get("/:programma/enti", s.showEnrolment)
	r.Post("/:programma/enti", s.enrolEnte)
	r.Post("/:programma/custode", s.setKeyHolder)
	r.Post("/:programma/enti/:ente/togli", s.unenrolEnte)
}

// setupRoutes: the ente, its offices, its staff list, its people; and the percorso.
func (s *Server) setupRoutes(r fiber.Router) {
	r.Get("/", s.showEnte)
	r.Get("/impostazioni", s.showSettings)
	r.Post("/impostazioni", s.saveSettings)
	r.Get("/impostazioni/uffici", s.showOffices)
	r.Post("/impostazioni/uffici", s.addOffice)
	r.Post("/impostazioni/uffici/:ufficio", s.renameOffice)
	r.Post("/impostazioni/uffici/:ufficio/togli", s.removeOffice)
	r.Get("/impostazioni/personale", s.showStaff)
	r.Post("/impostazioni/personale", s.addStaff)
	r.Get("/impostazioni/personale/elenco", s.showStaffList)
	r.Post("/impostazioni/personale/elenco", s.previewStaffList)
	r.Post("/impostazioni/personale/elenco/conferma", s.importStaffList)
	r.Get("/impostazioni/personale/:persona", s.showStaffMember)
	r.Post("/impostazioni/personale/:persona", s.saveStaffMember)
	r.Post("/impostazioni/personale/:persona/servizio", s.setStaffService)
	r.Get("/impostazioni/persone", s.showPeople)
	r.Post("/impostazioni/persone", s.addPerson)
	r.Post("/impostazioni/persone/:incarico/togli", s.removePerson)
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
	r.Post("/valutazioni/:ondata/:codice/prove", s.once(s.addEvidence))
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
	r.Post("/rilevazioni/:id/promemoria/giorni", s.setReminders)
	r.Get("/rilevazioni/:id/inviti", s.showDeliveries)
	r.Post("/rilevazioni/:id/inviti/:invito/rimanda", s.resendInvitation)
	r.Post("/rilevazioni/:id/proroga", s.extendCampaign)
	r.Post("/rilevazioni/:id/chiudi", s.closeCampaign)
	r.Post("/rilevazioni/:id/riapri", s.reopenCampaign)
	r.Post("/rilevazioni/:id/distruggi-chiave", s.destroyKey)
	r.Get("/rilevazioni/:id/lettore", s.showReviewer)
	r.Post("/rilevazioni/:id/lettore", s.nameReviewer)
	r.Get("/rilevazioni/:id/testi", s.showTexts)
	r.Post("/rilevazioni/:id/testi/:testo", s.decideText)
	r.Get("/rilevazioni/:id/lettere", s.showLetters)
	r.Get("/rilevazioni/:id/lettere.pdf", s.sendLetters)
	r.Get("/rilevazioni/:id/carte", s.showPairCards)
	r.Get("/rilevazioni/:id/carte.pdf", s.sendPairCards)
}

// resultRoutes: what closed waves show.
func (s *Server) resultRoutes(r fiber.Router) {
	r.Get("/risultati", s.showLatestResults)
	r.Get("/risultati/:ondata", s.showResults)
	r.Get("/risultati/:ondata/perche", s.showWhy)
	r.Get("/risultati/:ondata/divari", s.showGaps)
	r.Get("/risultati/:ondata/variazione", s.showChange)
	r.Get("/risultati/:ondata/metodo", s.showMethod)
	r.Get("/risultati/:ondata/testi", s.showReleased)
	r.Get("/risultati/:ondata/dati", s.showExport)
	r.Post("/risultati/:ondata/dati/:formato", s.sendExport)
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
	r.Post("/piano/progetti/nuovo", s.once(s.addProject))
	r.Get("/piano/progetti/:progetto", s.showProject)
	r.Post("/piano/progetti/:progetto/scelta", s.setWish)
	r.Get("/piano/progetti/:progetto/modifica", s.showProjectForm)
	r.Post("/piano/progetti/:progetto/modifica", s.saveProject)
	r.Post("/piano/progetti/:progetto/elimina", s.removeProject)
	r.Get("/catalogo", s.showCatalogue)
	r.Get("/catalogo/:codice", s.showTemplate)
}

// trackRoutes: states, milestones, tasks, money, PTI lines, calendar.
func (s *Server) trackRoutes(r fiber.Router) {
	r.Get("/avanzamento", s.showBoard)
	r.Get("/avanzamento/:progetto", s.showTracked)
	r.Get("/avanzamento/:progetto/stato/:passo", s.showStep)
	r.Post("/avanzamento/:progetto/stato/:passo", s.takeStep)
	r.Post("/avanzamento/:progetto/tappe", s.once(s.addMilestone))
	r.Post("/avanzamento/:progetto/tappe/proponi", s.proposeMilestones)
	r.Post("/avanzamento/:progetto/tappe/:tappa/raggiunta", s.reachMilestone)
	r.Post("/avanzamento/:progetto/tappe/:tappa/riapri", s.reopenMilestone)
	r.Post("/avanzamento/:progetto/tappe/:tappa/elimina", s.removeMilestone)
	r.Post("/avanzamento/:progetto/attivita", s.once(s.addTask))
	r.Post("/avanzamento/:progetto/spese", s.once(s.addExpense))
	r.Post("/avanzamento/:progetto/prove", s.once(s.addProjectEvidence))
	r.Post("/avanzamento/:progetto/prove/:prova/indicatore", s.serveIndicator)
	r.Post("/avanzamento/:progetto/prove/:prova/revoca", s.revokeProjectEvidence)
	r.Get("/attivita", s.showTasks)
	r.Get("/attivita/:attivita", s.showTask)
	r.Post("/attivita/:attivita/fatta", s.finishTask)
	r.Post("/attivita/:attivita/riapri", s.reopenTask)
	r.Post("/attivita/:attivita/nota", s.noteTask)
	r.Post("/attivita/:attivita/modifica", s.editTask)
	r.Post("/attivita/:attivita/elimina", s.removeTask)
	r.Post("/attivita/:attivita/prove", s.once(s.addTaskEvidence))
	r.Post("/attivita/:attivita/prove/:prova/revoca", s.revokeTaskEvidence)
	r.Get("/attivita/:attivita/allegati/:file", s.sendTaskFile)
	s.ptiRoutes(r)
}

// ptiRoutes: lines of the Piano triennale, questions, funding, calendar.
func (s *Server) ptiRoutes(r fiber.Router) {
	r.Get("/pti", s.showPTI)
	r.Get("/pti/domande", s.showPTIQuestions)
	r.Post("/pti/domande/:condizione", s.answerPTIQuestion)
	r.Get("/pti/finanziamenti", s.showFunding)
	r.Get("/pti/linee/:codice", s.showPTILine)
	r.Post("/pti/linee/:codice/non-applicabile", s.excludeLine)
	r.Post("/pti/linee/:codice/applicabile", s.includeLine)
	r.Post("/pti/linee/:codice/prove", s.once(s.addLineEvidence))
	r.Post("/pti/linee/:codice/prove/usa", s.tieLineEvidence)
	r.Post("/pti/linee/:codice/prove/:prova/slega", s.untieLineEvidence)
	r.Get("/scadenze", s.showCalendar)
	r.Get("/scadenze.ics", s.sendCalendar)
	r.Get("/scadenze/:dovere/:anno", s.showDuty)
	r.Post("/scadenze/:dovere/:anno/prove", s.once(s.addDutyEvidence))
	r.Post("/scadenze/:dovere/:anno/prove/usa", s.tieDutyEvidence)
	r.Post("/scadenze/:dovere/:anno/prove/:prova/slega", s.untieDutyEvidence)
}

// reportRoutes: PDFs and their HTML twins.
func (s *Server) reportRoutes(r fiber.Router) {
	r.Get("/rapporti", s.showReports)
	r.Get("/rapporti/:tipo", s.showReport)
	r.Post("/rapporti/:tipo/pdf", s.issueReport)
}
