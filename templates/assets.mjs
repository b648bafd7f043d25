// Copies the front-end files that the program embeds from node_modules into
// templates/static/vendor, and axe-core (tests only) into build/.
// Run by `make assets` after `npm ci`; needs nothing outside the Node standard library.
//
// The vendor folder is not committed: a plain `go build` works without it (the
// pages are then unstyled by Bootstrap Italia but complete).
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(here)
const kit = join(root, 'node_modules/bootstrap-italia')
const out = join(here, 'static/vendor')

// Components of Bootstrap Italia that no page of ours uses; a rule goes only
// when every one of its selectors names one of them.
const unused = new RegExp(
  '\\.(vjs-|video-js|video-|splide|analogue|complementary|neutral-|lightgrey|rating|acceptoverlay' +
  '|carousel|popover|offcanvas|avatar|it-hero|it-carousel|it-calendar|it-grid-list|it-bottom-|it-social' +
  '|point-list|upload-dragdrop|upload-pictures|progress-donut|autocomplete|thumb-nav|toast|timeline|it-timeline|it-video)'
)

// Fonts: file stem in the kit, family, weight, style.
const fonts = [
  ['Titillium_Web/titillium-web-v10-latin-ext_latin-regular', 'Titillium Web', 400, 'normal'],
  ['Titillium_Web/titillium-web-v10-latin-ext_latin-italic', 'Titillium Web', 400, 'italic'],
  ['Titillium_Web/titillium-web-v10-latin-ext_latin-600', 'Titillium Web', 600, 'normal'],
  ['Titillium_Web/titillium-web-v10-latin-ext_latin-700', 'Titillium Web', 700, 'normal'],
  ['Lora/lora-v20-latin-ext_latin-regular', 'Lora', 400, 'normal'],
  ['Lora/lora-v20-latin-ext_latin-700', 'Lora', 700, 'normal'],
  ['Roboto_Mono/roboto-mono-v13-latin-ext_latin-regular', 'Roboto Mono', 400, 'normal'],
  ['Roboto_Mono/roboto-mono-v13-latin-ext_latin-700', 'Roboto Mono', 700, 'normal']
]

// splitRules cuts a style sheet into its top-level pieces: rules, and at-rules
// with their whole body. Strings and comments are stepped over.
function splitRules (css) {
  const pieces = []
  let start = 0
  let depth = 0
  for (let i = 0; i < css.length; i++) {
    const c = css[i]
    if (c === '"' || c === "'") {
      for (i++; css[i] !== c; i++) if (css[i] === '\\') i++
    } else if (c === '/' && css[i + 1] === '*') {
      i = css.indexOf('*/', i) + 1
    } else if (c === '{') {
      depth++
    } else if ((c === '}' && --depth === 0) || (c === ';' && depth === 0)) {
      pieces.push(css.slice(start, i + 1))
      start = i + 1
    }
  }
  if (depth !== 0) throw new Error('unbalanced braces in the style sheet')
  return pieces
}

// splitSelectors cuts a selector list at its top-level commas.
function splitSelectors (list) {
  const selectors = []
  let start = 0
  let depth = 0
  for (let i = 0; i < list.length; i++) {
    if (list[i] === '(' || list[i] === '[') depth++
    else if (list[i] === ')' || list[i] === ']') depth--
    else if (list[i] === ',' && depth === 0) { selectors.push(list.slice(start, i)); start = i + 1 }
  }
  selectors.push(list.slice(start))
  return selectors
}

// trim returns the style sheet without the unused components, without font faces
// (ours are in fonts.css) and without source map comments.
function trim (css) {
  return splitRules(css).map((piece) => {
    const brace = piece.indexOf('{')
    const head = piece.slice(0, brace).replace(/\/\*[\s\S]*?\*\//g, '').trim()
    if (brace < 0) return piece
    if (head === '@font-face') return ''
    if (head.startsWith('@media') || head.startsWith('@supports')) {
      const body = trim(piece.slice(brace + 1, -1))
      return body === '' ? '' : `${head}{${body}}`
    }
    if (head.startsWith('@')) return piece
    const kept = splitSelectors(head).filter((selector) => !unused.test(selector))
    return kept.length === 0 ? '' : kept.join(',') + piece.slice(brace)
  }).join('').replace(/\/\*# sourceMappingURL[\s\S]*?\*\//g, '')
}

function copy (from, to) {
  if (!existsSync(from)) throw new Error(`${from} is missing: run npm ci first`)
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(from, to)
}

for (const folder of ['css', 'fonts', 'svg', 'licences']) rmSync(join(out, folder), { recursive: true, force: true })
mkdirSync(join(out, 'css'), { recursive: true })

const sheet = readFileSync(join(kit, 'dist/css/bootstrap-italia.min.css'), 'utf8').replace(/^\uFEFF/, '')
const banner = sheet.match(/\/\*![\s\S]*?\*\//)?.[0] ?? ''
const kept = trim(sheet.replace(banner, ''))
if (/url\((?!"?'?data:image)/.test(kept)) throw new Error('the style sheet asks for a file that is not a data: image')
writeFileSync(join(out, 'css/bootstrap-italia.css'), banner + '\n' + kept)

const faces = fonts.map(([stem, family, weight, style]) => {
  const file = stem.split('/')[1].replace(/-v\d+-latin-ext_latin/, '') + '.woff2'
  copy(join(kit, 'dist/fonts', stem + '.woff2'), join(out, 'fonts', file))
  return `@font-face{font-family:"${family}";font-weight:${weight};font-style:${style};font-display:swap;` +
    `src:url("../fonts/${file}") format("woff2")}\n`
})
writeFileSync(join(out, 'css/fonts.css'), faces.join(''))

copy(join(kit, 'dist/svg/sprites.svg'), join(out, 'svg/sprites.svg'))
copy(join(kit, 'LICENSE'), join(out, 'licences/bootstrap-italia.txt'))
copy(join(kit, 'dist/fonts/Titillium_Web/OFL.txt'), join(out, 'licences/titillium-web.txt'))
copy(join(kit, 'dist/fonts/Lora/OFL.txt'), join(out, 'licences/lora.txt'))
copy(join(kit, 'dist/fonts/Roboto_Mono/LICENSE.txt'), join(out, 'licences/roboto-mono.txt'))
copy(join(root, 'node_modules/axe-core/axe.min.js'), join(root, 'build/axe.min.js'))
