// In [data-exclusive-group] a box marked [data-exclusive] stands alone: ticking it
// takes the others back, and ticking another takes it back. The server says the same
// to who has no script.

export function startExclusive () {
  document.querySelectorAll('[data-exclusive-group]').forEach((group) => {
    group.addEventListener('change', ({ target }) => {
      if (!target.matches('input[type="checkbox"]') || !target.checked) return
      const alone = 'exclusive' in target.dataset
      group.querySelectorAll('input[type="checkbox"]').forEach((box) => {
        if (box !== target && (alone || 'exclusive' in box.dataset)) box.checked = false
      })
    })
  })
}
