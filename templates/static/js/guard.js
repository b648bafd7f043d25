// Never lose typed text: what is typed in [data-guard-field] is kept in this tab
// (sessionStorage) until the form it belongs to was saved. When the session ended
// in between, the page opened again after sign-in gets its text back.
//
// An entry belongs to one user of the tab (body[data-user]) and one address; another
// user's entries are deleted at once, and signing out deletes all. Passwords and
// survey answers are never kept here: only fields marked with the attribute.

const prefix = 'traguardo.guard '

export function startGuard () {
  const user = document.body.dataset.user ?? ''
  const all = entries()
  if (user) for (const entry of all) if (entry.user !== user) drop(entry)
  document.querySelectorAll('form[data-clear-guard]').forEach((form) => {
    form.addEventListener('submit', () => entries().forEach(drop))
  })
  if (!user) return // signed out, or the sign-in page in between: keep for the owner

  const saved = document.querySelector('[data-flash="ok"]') !== null
  const failed = document.querySelector('[data-error-summary]') !== null
  for (const entry of entries()) {
    // Sent, and we are somewhere else or were told that it was saved: done.
    if (entry.sent && !failed && (saved || entry.path !== location.pathname)) drop(entry)
  }
  document.querySelectorAll('[data-guard-field]').forEach((field) => guard(field, user))
}

function guard (field, user) {
  const key = `${prefix}${location.pathname} ${field.form?.getAttribute('action') ?? ''} ${field.id}`
  const entry = read(key)
  if (entry && entry.user === user && entry.value !== field.value && field.value === entry.before) {
    field.value = entry.value
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
  const before = field.defaultValue
  field.addEventListener('input', () => write(key, { user, path: location.pathname, before, value: field.value, sent: false }))
  field.form?.addEventListener('submit', () => {
    if (read(key)) write(key, { user, path: location.pathname, before, value: field.value, sent: true })
  })
}

function entries () {
  try {
    return Object.keys(sessionStorage).filter((key) => key.startsWith(prefix)).map(read).filter(Boolean)
  } catch {
    return [] // storage refused by the browser's settings
  }
}

function read (key) {
  try {
    return { ...JSON.parse(sessionStorage.getItem(key)), key }
  } catch {
    return null
  }
}

function write (key, entry) {
  try {
    sessionStorage.setItem(key, JSON.stringify(entry))
  } catch { /* full or refused: the page works as without script */ }
}

function drop (entry) {
  try {
    sessionStorage.removeItem(entry.key)
  } catch { /* refused: nothing was stored either */ }
}
