// node scripts/size.mjs [HTML]: what a person downloads until the page is interactive, in bytes of brotli.
// HTML is a file or an address of the page, signed in and with a tip open; without it, the assets alone count.
import { readdirSync, readFileSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'

const BUDGET_BYTES = 90_000
const PKG = 'target/dist/site/pkg'

const [page] = process.argv.slice(2)
let parts = readdirSync(PKG)
  .filter((name) => /\.(css|js|wasm)$/.test(name))
  .map((name) => [name.split('.').pop(), readFileSync(`${PKG}/${name}`)])
if (page) {
  const html = page.startsWith('http') ? Buffer.from(await (await fetch(page)).arrayBuffer()) : readFileSync(page)
  if (html.includes('<style')) parts = parts.filter(([name]) => name !== 'css') // it brings its own
  parts.unshift(['html', html])
}

const rows = parts.map(([name, content]) => [name, content.length, brotliCompressSync(content).length])
rows.push(['total', ...[1, 2].map((column) => rows.reduce((sum, row) => sum + row[column], 0))])
for (const [name, raw, brotli] of [['', 'raw', 'brotli'], ...rows, ['budget', '', BUDGET_BYTES]]) {
  console.log(name.padEnd(8), String(raw).padStart(9), String(brotli).padStart(9))
}

if (rows.at(-1)[2] > BUDGET_BYTES) {
  console.error('The page has outgrown its budget.')
  process.exit(1)
}
