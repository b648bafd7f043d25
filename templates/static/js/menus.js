// Menus are <details>: here they close as people expect, and the main menu folds on small screens.

export function startMenus () {
  const menus = [...document.querySelectorAll('[data-menu]')]
  document.addEventListener('click', (event) => {
    for (const menu of menus) if (menu.open && !menu.contains(event.target)) menu.open = false
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    for (const menu of menus) {
      if (!menu.open) continue
      menu.open = false
      menu.querySelector('summary').focus()
    }
  })
  const nav = document.querySelector('[data-nav]')
  if (!nav) return
  const narrow = matchMedia('(max-width: 47.9rem)')
  const fold = () => { nav.open = !narrow.matches }
  fold()
  narrow.addEventListener('change', fold)
}
