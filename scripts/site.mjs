// node scripts/site.mjs PAGE DIST PROFILE: makes DIST/site and DIST/hash.txt from PAGE (wasm-bindgen's
// output), style/ and public/.
// Names carry a hash of the content, in the way that `LEPTOS_HASH_FILES` reads them, so that a browser
// may keep them for ever; `.br` and `.gz` stand beside each file that gets smaller by it.
import { buildSync } from 'esbuild'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const [page, dist, profile] = process.argv.slice(2)
const release = profile === 'release'
const site = join(dist, 'site.new')

rmSync(site, { recursive: true, force: true })
mkdirSync(join(site, 'pkg'), { recursive: true })
cpSync('public', site, { recursive: true })

const bundle = (entry, options = {}) =>
  buildSync({ entryPoints: [entry], bundle: true, minify: release, write: false, logLevel: 'warning', ...options })
    .outputFiles[0].contents

const files = {
  js: bundle(join(page, 'oo.js'), { format: 'esm', target: 'es2022' }),
  wasm: readFileSync(join(page, 'oo_bg.wasm')),
  css: bundle('style/main.css', { external: ['/*'] }), // what stands in public/ keeps its address
}

const hashes = Object.entries(files).map(([kind, content]) => {
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 16)
  writeFileSync(join(site, 'pkg', `oo.${hash}.${kind}`), content)
  return `${kind}: ${hash}\n`
})

if (release) {
  for (const name of readdirSync(site, { recursive: true })) {
    const path = join(site, name)
    if (!statSync(path).isFile()) continue

    const content = readFileSync(path)
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } // at the highest quality, the default
    for (const [suffix, compressed] of [
      ['.br', brotliCompressSync(content, { params })],
      ['.gz', gzipSync(content, { level: 9 })],
    ]) {
      if (compressed.length < content.length * 0.95) writeFileSync(path + suffix, compressed)
    }
  }
}

rmSync(join(dist, 'site'), { recursive: true, force: true })
renameSync(site, join(dist, 'site'))
writeFileSync(join(dist, 'hash.txt'), hashes.join(''))
