// Saves the answers of form[data-autosave="/address"] as they are given.
//
// Sent: POST, form-encoded, all fields of the form (so csrf and version too) and
// autosave=1, with Accept: application/json. Expected: 200 {"version": n}; the new
// number goes into input[name="version"]. 409: somebody else (or another device)
// saved in between; 401 or 403: the session ended. Nothing typed is ever dropped:
// the form keeps it, and the button of the page saves as always.
//
// Words come from the form: data-text-saving, -saved, -retry, -conflict, -expired;
// they show in the element of id data-autosave-status (class saved, aria-live).

const settle = 600 // ms without typing before text is sent
const waits = [2000, 5000, 15000, 30000] // ms between tries when the network fails

export function startAutosave () {
  document.querySelectorAll('form[data-autosave]').forEach(watch)
}

function watch (form) {
  const status = document.getElementById(form.dataset.autosaveStatus ?? '')
  let timer = 0
  let sending = false
  let dirty = false
  let stopped = false
  let failures = 0

  const say = (state) => {
    if (!status || status.dataset.state === state) return
    status.dataset.state = state === 'conflict' || state === 'expired' || state === 'retry' ? 'error' : state
    status.textContent = form.dataset['text' + state[0].toUpperCase() + state.slice(1)] ?? ''
  }
  const later = (ms) => { clearTimeout(timer); timer = setTimeout(send, ms) }
  const body = () => {
    const data = new URLSearchParams()
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') data.append(name, value)
    data.set('autosave', '1')
    return data
  }

  async function send () {
    if (sending || stopped || !dirty) return
    sending = true
    dirty = false
    say('saving')
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: 'POST', body: body(), headers: { Accept: 'application/json' }, credentials: 'same-origin', redirect: 'manual'
      })
      if (answer.ok) {
        const { version } = await answer.json()
        const field = form.elements.namedItem('version')
        if (field && version !== undefined) field.value = version
        failures = 0
        if (!dirty) say('saved')
      } else if (answer.status === 409) {
        stopped = true
        say('conflict')
      } else if (answer.type === 'opaqueredirect' || answer.status === 401 || answer.status === 403) {
        stopped = true
        say('expired')
      } else {
        throw new Error(`status ${answer.status}`)
      }
    } catch {
      dirty = true
      say('retry')
      later(waits[Math.min(failures++, waits.length - 1)])
    } finally {
      sending = false
    }
    if (dirty && !stopped && failures === 0) later(settle)
  }

  form.addEventListener('input', (event) => {
    dirty = true
    later(event.target.matches('textarea, input[type="text"], input[type="number"], input[type="url"]') ? settle : 0)
  })
  // Radio buttons set by script (keys 0–4) fire only change.
  form.addEventListener('change', () => { dirty = true; later(0) })
  form.addEventListener('submit', () => { stopped = true; clearTimeout(timer) })
  addEventListener('online', () => later(0))
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && dirty && !stopped && navigator.sendBeacon(form.dataset.autosave, body())) dirty = false
  })
}
