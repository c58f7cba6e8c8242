// For everyone: WCAG 2.2 AA in every state, small and zoomed screens, and no more to load than promised.
import type { Page } from '@playwright/test'
import { violations } from '../axe.js'
import { awake, expect, heading, next, test } from '../fixtures.js'

test.use({ reducedMotion: 'reduce' })

test('no state has a violation', async ({ page, demo }) => {
  await page.goto(demo.url)
  expect(await violations(page, 'signed out')).toEqual([])
  await page.getByRole('button', { name: 'Look around' }).click()
  await awake(page)
  expect(await violations(page, 'tip')).toEqual([])
  await page.locator('details.why summary').click()
  expect(await violations(page, 'why')).toEqual([])
  await page.getByRole('button', { name: 'Snooze until' }).click()
  expect(await violations(page, 'snooze')).toEqual([])
  await page.keyboard.press('Escape')
  await next(page, () => page.getByRole('button', { name: 'done' }).click())
  expect(await violations(page, 'just done')).toEqual([])
  await page.getByRole('link', { name: 'settings' }).click()
  expect(await violations(page, 'settings')).toEqual([])
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await page.goto(demo.url)
  expect(await violations(page, 'not connected')).toEqual([])
  await page.goto(`${demo.url}nowhere`)
  expect(await violations(page, 'not found')).toEqual([])
})

/** What is under way on the page: the name of each animation, and what it changes. */
const motion = (page: Page) =>
  page.evaluate(async () => {
    // What a view transition moves is there once it is ready, in a frame after the change.
    await document.activeViewTransition?.ready
    return document.getAnimations().map((animation) => {
      const name = animation instanceof CSSAnimation ? animation.animationName : 'transition'
      const frames = (animation.effect as KeyframeEffect).getKeyframes()
      const changes = ['opacity', 'scale', 'visibility']
      return [name, ...changes.filter((what) => frames.some((frame) => what in frame))].join(' ')
    })
  })

test('who wants less motion gets none', async ({ tip, context }) => {
  // In slow motion, so that nothing is over before it is looked at.
  const tools = await context.newCDPSession(tip)
  await tools.send('Animation.enable')
  await tools.send('Animation.setPlaybackRate', { playbackRate: 0.05 })
  await awake(tip)

  const seen = async (reducedMotion: 'reduce' | 'no-preference') => {
    await tip.emulateMedia({ reducedMotion })
    await next(tip, () => tip.keyboard.press('d'))
    const seen = await motion(tip)
    for (const key of ['w', '?', 'Escape']) {
      await tip.keyboard.press(key)
      seen.push(...(await motion(tip)))
    }
    return [...new Set(seen)]
  }
  // The time for *undo* runs out in any case: a clock, and a fading at its very end.
  const clock = 'leave opacity visibility'
  expect(await seen('reduce')).toEqual([clock])
  const moving = ['appear opacity', 'blink-a scale', 'run-out scale', 'vanish opacity']
  expect(await seen('no-preference')).toEqual(expect.arrayContaining([clock, ...moving]))
})

test('320 pixels are enough', async ({ tip, demo }) => {
  await tip.setViewportSize({ width: 320, height: 256 })
  for (const path of ['', 'settings']) {
    await tip.goto(`${demo.url}${path}`)
    const overflow = await tip.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(overflow, path).toBe(0)
  }
})

test('the next tip is told to those who listen, and the focus is not lost', async ({ tip }) => {
  await awake(tip)
  await tip.getByRole('button', { name: 'done' }).focus()
  await next(tip, () => tip.keyboard.press('Enter'))
  const text = (await heading(tip).textContent()) ?? ''
  await expect(tip.locator('[aria-live=polite], [role=status]').filter({ hasText: text })).toHaveCount(1)
  expect(await tip.evaluate(() => document.activeElement !== document.body)).toBe(true)
})

test('the page to interactive is at most 90 kB', async ({ page, demo }) => {
  const sizes: Record<string, number> = {}
  page.on('response', async (response) => {
    const name = new URL(response.url()).pathname
    if (name === '/' || name.startsWith('/pkg/')) {
      // A page comes as it is; its style is within it.
      sizes[name] = name === '/'
        ? (await response.body().catch(() => Buffer.alloc(0))).length
        : Number(response.headers()['content-length'])
    }
  })
  await page.goto(demo.url)
  await page.getByRole('button', { name: 'Look around' }).click()
  await awake(page)
  expect(Object.keys(sizes).length).toBe(4)
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0)
  console.log(sizes, total)
  expect(total).toBeGreaterThan(5_000)
  expect(total).toBeLessThanOrEqual(90_000)
})
