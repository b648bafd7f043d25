// Entry of the page script. Every page works without it; each part here only
// looks for its own data- attributes and does nothing where there are none.
import { startAutosave } from './autosave.js'
import { startCards } from './cards.js'
import { startExclusive } from './exclusive.js'
import { startForms } from './forms.js'
import { startGuard } from './guard.js'
import { startMenus } from './menus.js'
import { startCardMaker } from './cardmaker.js'

document.documentElement.classList.add('js')
for (const start of [startMenus, startForms, startGuard, startExclusive, startAutosave, startCards, startCardMaker]) {
  try {
    start()
  } catch (error) {
    console.error(error) // one part that fails must not take the others with it
  }
}
