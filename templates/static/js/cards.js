// Keyboard moves from card to card: Alt+↓ and Alt+↑ inside [data-cards]. On a page
// with one card, the same keys follow its [data-card-next] and [data-card-previous]
// links. In [data-levels] a digit picks the level of that number while a radio
// button of the group has the focus.

export function startCards () {
  document.addEventListener('keydown', (event) => {
    if (event.altKey && !event.ctrlKey && !event.metaKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      move(event, event.key === 'ArrowDown')
    } else if (/^[0-9]$/.test(event.key) && !event.altKey && !event.ctrlKey && !event.metaKey) {
      pick(event)
    }
  })
}

function move (event, forward) {
  if (event.target.matches('select')) return // the keys open the list of choices
  const cards = [...document.querySelectorAll('[data-cards] [data-card]')]
  if (cards.length > 1) {
    const here = cards.findIndex((card) => card.contains(event.target))
    const next = here < 0 ? (forward ? cards[0] : cards.at(-1)) : cards[here + (forward ? 1 : -1)]
    if (!next) return
    event.preventDefault()
    const target = next.querySelector('input:checked, input:not([type="hidden"]), select, textarea, a, button')
    next.scrollIntoView({ block: 'start' })
    target?.focus({ preventScroll: true })
    return
  }
  const link = document.querySelector(forward ? 'a[data-card-next]' : 'a[data-card-previous]')
  if (link) {
    event.preventDefault()
    link.click()
  }
}

function pick (event) {
  if (!event.target.matches('input[type="radio"]')) return
  const group = event.target.closest('[data-levels]')
  const radio = group?.querySelector(`input[type="radio"][data-key="${event.key}"]`)
  if (!radio) return
  event.preventDefault()
  radio.focus()
  radio.checked = true
  radio.dispatchEvent(new Event('change', { bubbles: true }))
}
