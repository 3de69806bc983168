/** Light or dark: as the system says, until the reader chooses. */

const KEY = 'corridors-theme'

/** A colour of the page as it is shown: `light-dark()` is settled only where it is used. */
export function colourOf(element: HTMLElement, name: string): string {
  const before = element.style.color
  element.style.color = `var(${name})`
  const shown = getComputedStyle(element).color
  element.style.color = before
  return shown
}

export type Theme = 'light' | 'dark'

export function chosenTheme(): Theme | null {
  try {
    const kept = localStorage.getItem(KEY)
    return kept === 'light' || kept === 'dark' ? kept : null
  } catch {
    return null
  }
}

export function currentTheme(): Theme {
  return chosenTheme() ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
}

export function applyTheme(theme: Theme | null = chosenTheme()): void {
  if (theme) document.documentElement.dataset.theme = theme
}

export function keepTheme(theme: Theme): void {
  applyTheme(theme)
  try {
    localStorage.setItem(KEY, theme)
  } catch {
    // A reader who forbids storage keeps the choice for this page only.
  }
}
