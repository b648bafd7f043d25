// Reads `go test -bench` on standard input, passes it on, and writes every figure
// that a benchmark names in snake_case (b.ReportMetric) into build/bench.json, one
// flat object. A figure measured on both engines also stands alone, as the worse of
// the two: close_20000_s is the longer of close_20000_sqlite_s and …_postgres_s.
// Exits 1 when a benchmark failed or named no figure.
import { createInterface } from 'node:readline'
import { mkdirSync, writeFileSync } from 'node:fs'

const figures = {}
let failed = false
for await (const line of createInterface({ input: process.stdin })) {
  console.log(line)
  if (/^(--- FAIL|FAIL|panic:)/.test(line)) failed = true
  if (!line.startsWith('Benchmark')) continue
  for (const [, value, name] of line.matchAll(/\s([0-9.eE+-]+)\s([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?=\s|$)/g)) {
    figures[name] = Number(value)
  }
}
for (const name of Object.keys(figures)) {
  const other = name.replace('_sqlite_', '_postgres_')
  if (other !== name && other in figures && name.endsWith('_s') && !name.endsWith('_per_s')) {
    figures[name.replace('_sqlite_', '_')] = Math.max(figures[name], figures[other])
  }
}
if (Object.keys(figures).length === 0) failed = true
mkdirSync('build', { recursive: true })
writeFileSync('build/bench.json', JSON.stringify(Object.fromEntries(Object.entries(figures).sort()), null, 2) + '\n')
console.log(`build/bench.json: ${Object.keys(figures).length} figures`)
process.exit(failed ? 1 : 0)
