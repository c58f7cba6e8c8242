// node scripts/site.mjs PAGE DIST PROFILE: makes DIST/site and DIST/hash.txt from PAGE (wasm-bindgen's
// output), style/ and public/.
// The service worker is told which files there are, and which version they make.
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

const style = (entry) => bundle(entry, { external: ['/*.svg', '/*.woff2'] }) // what stands in public/ keeps its address

const files = {
  js: bundle(join(page, 'oo.js'), { format: 'esm', target: 'es2022' }),
  wasm: readFileSync(join(page, 'oo_bg.wasm')),
  css: style('style/oo.css'),
  'page.js': bundle('frontend/page/page.ts', { format: 'esm', target: 'es2022' }),
}

const hashes = Object.entries(files).map(([kind, content]) => {
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 16)
  writeFileSync(join(site, 'pkg', `oo.${hash}.${kind}`), content)
  return `${kind}: ${hash}\n`
})

// What is there without a network: all that a page loads, and the page that says so.
const names = hashes.map((line) => `/pkg/oo.${line.trim().split(': ').reverse().join('.')}`)
const [css] = names.filter((name) => name.endsWith('.css'))
const [script] = names.filter((name) => name.endsWith('.page.js'))
const offline = readFileSync('public/offline.html', 'utf8').replace('/pkg/oo.css', css).replace('/pkg/oo.page.js', script)
writeFileSync(join(site, 'offline.html'), offline)
const shell = [...names, '/offline.html', '/favicon.svg', '/icons/192.png']
const version = createHash('sha256')
for (const file of shell) version.update(readFileSync(join(site, file)))
const define = { FILES: JSON.stringify(shell), VERSION: JSON.stringify(version.digest('base64url').slice(0, 16)) }
writeFileSync(join(site, 'sw.js'), bundle('frontend/worker/sw.ts', { format: 'iife', target: 'es2022', define }))

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
writeFileSync(join(dist, 'room.css'), style('style/main.css')) // comes within the page
writeFileSync(join(dist, 'hash.txt'), hashes.join(''))
