// How oO comes to the home screen: said once, to somebody who has done three things with it.
const DONE = 'oo-done'
const ASKED = 'oo-install'
const ENOUGH = 3

/** Chromium's, which says that oO can be installed. */
type Prompt = Event & { prompt(): Promise<unknown> }
let prompt: Prompt | undefined

addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault()
  prompt = event as Prompt
})

const read = (key: string) => Number(localStorage.getItem(key) ?? 0)

export function countDone() {
  if (read(DONE) < ENOUGH) localStorage.setItem(DONE, String(read(DONE) + 1))
}

/** Shows the line where what came of the last answer stands, once nothing else does. */
export function suggestInstalling() {
  // Safari alone knows `standalone`.
  const onHomeScreen = (navigator as { standalone?: boolean }).standalone
  const place = document.querySelector('.stage .after:empty')
  if (!place || !(prompt || onHomeScreen === false) || read(DONE) < ENOUGH || read(ASKED)) return

  localStorage.setItem(ASKED, '1')
  const line = Object.assign(document.createElement('p'), { className: 'notice install' })
  if (prompt) line.append('oO can live on this device. ', word('Install', () => prompt?.prompt()), ' ', word('no'))
  else line.append('To keep oO at hand: Share, then Add to Home Screen.')
  place.append(line)
}

function word(textContent: string, act?: () => unknown) {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent })
  button.onclick = () => {
    button.parentElement?.remove()
    act?.()
  }
  return button
}
