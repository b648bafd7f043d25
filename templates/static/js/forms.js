// Small helps for forms: focus on the error summary, character counts, password
// reveal, one submission at a time, cancel in confirmations, print and copy.

export function startForms () {
  focusErrors()
  document.querySelectorAll('textarea[data-count]').forEach(countCharacters)
  document.querySelectorAll('[data-reveal]').forEach(revealPassword)
  document.querySelectorAll('form[data-busy]').forEach(submitOnce)
  document.querySelectorAll('[data-confirm]').forEach(confirmation)
  document.querySelectorAll('select[data-submit-on-change]').forEach((select) => {
    select.addEventListener('change', () => select.form.requestSubmit())
  })
  document.querySelectorAll('[data-print]').forEach((button) => {
    button.hidden = false
    button.addEventListener('click', () => window.print())
  })
  document.querySelectorAll('[data-filter]').forEach(filterList)
}

function focusErrors () {
  const summary = document.querySelector('[data-error-summary]')
  if (!summary) return
  summary.focus()
  summary.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#"]')
    const field = link && document.getElementById(link.getAttribute('href').slice(1))
    if (!field) return
    event.preventDefault()
    const input = field.matches('input, select, textarea') ? field : field.querySelector('input, select, textarea') ?? field
    field.scrollIntoView({ block: 'center' })
    input.focus({ preventScroll: true })
  })
}

function countCharacters (area) {
  const line = document.createElement('p')
  line.className = 'count-left'
  line.setAttribute('aria-live', 'polite')
  const show = () => {
    const left = area.maxLength - area.value.length
    // Said only when it begins to matter, so that it does not interrupt at each letter.
    line.textContent = left <= area.maxLength / 4 ? area.dataset.count.replace('{n}', left) : ''
  }
  area.after(line)
  area.addEventListener('input', show)
  show()
}

function revealPassword (button) {
  const input = document.getElementById(button.dataset.reveal)
  const show = button.textContent
  button.hidden = false
  button.setAttribute('aria-controls', input.id)
  button.addEventListener('click', () => {
    const hidden = input.type === 'password'
    input.type = hidden ? 'text' : 'password'
    button.textContent = hidden ? button.dataset.hide : show
    input.focus()
  })
}

function submitOnce (form) {
  let sent = false
  form.addEventListener('submit', (event) => {
    if (sent) { event.preventDefault(); return }
    sent = true
    form.querySelectorAll('button[type="submit"]').forEach((b) => b.setAttribute('aria-disabled', 'true'))
  })
  addEventListener('pageshow', () => {
    sent = false
    form.querySelectorAll('button[type="submit"]').forEach((b) => b.removeAttribute('aria-disabled'))
  })
}

function confirmation (details) {
  const cancel = details.querySelector('[data-confirm-cancel]')
  const close = () => { details.open = false; details.querySelector('summary').focus() }
  if (cancel) {
    cancel.hidden = false
    cancel.addEventListener('click', close)
  }
  details.addEventListener('keydown', (event) => { if (event.key === 'Escape') close() })
}

// filterList hides the rows of a list that lack the typed words. The input names
// the list (data-filter="id"); rows are [data-row]; a status line may say the count.
function filterList (input) {
  const list = document.getElementById(input.dataset.filter)
  if (!list) return
  const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const rows = [...list.querySelectorAll('[data-row]')].map((row) => [row, fold(row.textContent)])
  const status = document.getElementById(input.dataset.filterStatus ?? '')
  const show = () => {
    const words = fold(input.value).split(/\s+/).filter(Boolean)
    let shown = 0
    for (const [row, text] of rows) {
      row.hidden = !words.every((word) => text.includes(word))
      if (!row.hidden) shown++
    }
    if (status) status.textContent = status.dataset.text.replace('{n}', shown)
  }
  input.addEventListener('input', show)
}
