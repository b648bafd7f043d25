// Makes a pairing card in the browser, so that no server ever chose it: the same
// card as surveys/pairing (card.go): 10 random characters, check character, set letter.
//
// Markup: [data-card-maker data-target="id of the input"] hidden, holding
// button[data-card-make], [data-card-text] (aria-live) and, shown once there is a
// card, [data-card-after] with button[data-card-copy data-done="words"].

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ' // surveys/pairing/alphabet.go

// multiply is the product in GF(2^5) modulo x^5 + x^2 + 1.
function multiply (a, b) {
  let product = 0
  for (; b > 0; b >>= 1) {
    if (b & 1) product ^= a
    a <<= 1
    if (a & 32) a ^= 0b100101
  }
  return product
}

// cardText writes ten values of 0–31 and a set letter as printed: ABCDE-FGHJK-C·A.
export function cardText (values, set) {
  let check = 0
  let weight = 1
  for (const value of [...values, alphabet.indexOf(set)]) {
    weight = multiply(weight, 2)
    check ^= multiply(weight, value)
  }
  const code = [...values].map((value) => alphabet[value]).join('')
  return `${code.slice(0, 5)}-${code.slice(5)}-${alphabet[check]}·${set}`
}

// newCard draws 50 random bits and the set from the browser's own generator.
export function newCard () {
  const random = crypto.getRandomValues(new Uint8Array(11))
  return cardText([...random.slice(0, 10)].map((byte) => byte & 31), random[10] & 1 ? 'B' : 'A')
}

export function startCardMaker () {
  document.querySelectorAll('[data-card-maker]').forEach((maker) => {
    const input = document.getElementById(maker.dataset.target)
    const text = maker.querySelector('[data-card-text]')
    const after = maker.querySelector('[data-card-after]')
    if (!input || !text || !globalThis.crypto?.getRandomValues) return
    maker.hidden = false
    maker.querySelector('[data-card-make]').addEventListener('click', () => {
      const card = newCard()
      text.hidden = false
      text.textContent = card
      input.value = card
      if (after) after.hidden = false
      input.dispatchEvent(new Event('input', { bubbles: true }))
    })
    maker.querySelector('[data-card-copy]')?.addEventListener('click', async (event) => {
      await navigator.clipboard.writeText(text.textContent)
      event.target.textContent = event.target.dataset.done
    })
  })
}
