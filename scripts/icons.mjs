// node scripts/icons.mjs [GALLERY]: draws public/icons from public/favicon.svg; and, where app/examples/gallery.rs
// runs at the address GALLERY, public/screenshots. Uses the browser of end2end.
import { chromium } from '../end2end/node_modules/@playwright/test/index.mjs'
import { readFileSync } from 'node:fs'

const [gallery] = process.argv.slice(2)
const svg = readFileSync('public/favicon.svg', 'utf8')
// Without corners: whoever masks it cuts them. Of a maskable icon, a circle of 40 % is certain to be seen.
const full = svg.replace(' rx="11"', '')
const masked = full.replace('viewBox="0 0 48 48"', 'viewBox="-6 -6 60 60"').replace('width="48" height="48"', 'x="-6" y="-6" width="60" height="60"')

const executablePath = process.env.OO_CHROMIUM || undefined
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
for (const [name, size, drawing] of [
  ['192', 192, svg],
  ['512', 512, svg],
  ['maskable', 512, masked],
  ['apple-touch', 180, full],
]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  await page.setContent(`<style>body { margin: 0 } svg { display: block; inline-size: 100vw }</style>${drawing}`)
  await page.screenshot({ path: `public/icons/${name}.png`, omitBackground: true })
}
for (const [name, viewport, deviceScaleFactor] of gallery ? [
  ['narrow', { width: 390, height: 844 }, 2],
  ['wide', { width: 1280, height: 800 }, 1],
] : []) {
  const touch = name === 'narrow'
  const page = await browser.newPage({ viewport, deviceScaleFactor, isMobile: touch, hasTouch: touch })
  await page.goto(new URL('gallery/todo', gallery).href)
  await page.screenshot({ path: `public/screenshots/${name}.png` })
}
await browser.close()
