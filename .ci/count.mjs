// Reads `go test -json` on standard input, prints what failed with its output and
// one line a package, and closes with "N passed, N failed, N skipped". Tests and
// subtests count alike. Exits 1 when a test failed or was skipped, a package did
// not build, or nothing ran.
import { createInterface } from 'node:readline'

const outputs = new Map() // package + test → lines
const tests = new Map() // package → number of tests that passed
let passed = 0
let failed = 0
let skipped = 0

const key = (e) => `${e.Package ?? e.ImportPath} ${e.Test ?? ''}`

function take (k) {
  const lines = outputs.get(k) ?? []
  outputs.delete(k)
  return lines.join('')
}

function onTest (e) {
  const text = take(key(e))
  if (e.Action === 'pass') {
    passed++
    tests.set(e.Package, (tests.get(e.Package) ?? 0) + 1)
  } else if (e.Action === 'fail') {
    failed++
    process.stdout.write(text)
  } else {
    skipped++
    process.stdout.write(`skipped: ${e.Package} ${e.Test}\n${text}`)
  }
}

function onPackage (e) {
  const text = take(key(e))
  if (e.Action === 'fail') {
    failed++
    process.stdout.write(take(`${e.FailedBuild} `) + text)
  } else if (e.Action === 'pass') {
    console.log(`ok  ${e.Package}  ${tests.get(e.Package) ?? 0} tests  ${(e.Elapsed ?? 0).toFixed(1)} s`)
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let e
  try {
    e = JSON.parse(line)
  } catch {
    console.log(line)
    continue
  }
  if (e.Action === 'output' || e.Action === 'build-output') {
    outputs.set(key(e), [...(outputs.get(key(e)) ?? []), e.Output])
  } else if (['pass', 'fail', 'skip'].includes(e.Action)) {
    e.Test ? onTest(e) : onPackage(e)
  }
}

console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = failed > 0 || skipped > 0 || passed === 0 ? 1 : 0
