// Takes the addresses of the registry out of the lock file: it names what is installed, not from where.
// (With omit-lockfile-registry-resolved, npm also drops the packages of other platforms: `npm ci` then fails.)
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8'))
for (const entry of Object.values(lock.packages)) {
  if (typeof entry.resolved === 'string' && entry.resolved.startsWith('http')) delete entry.resolved
}
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
