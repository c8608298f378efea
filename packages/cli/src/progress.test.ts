import { afterEach, describe, expect, it, vi } from 'vitest'
import { duration, progressLine } from './progress.js'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

function runFor(seconds: number, isTTY: boolean, quiet = false): string[] {
  const written: string[] = []
  const stream = { isTTY, columns: 40, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0)
  vi.stubEnv('TERM', 'xterm')
  let now = 0
  const progress = progressLine('tails', { stream, quiet, now: () => now })
  for (; now <= seconds * 1000; now += 50) progress.update({ done: now, total: seconds * 1000 })
  progress.end()
  return written
}

describe('off a terminal', () => {
  it('writes a plain line every 30 seconds, and none for a short run', () => {
    expect(runFor(29, false)).toEqual([])
    const lines = runFor(95, false)
    expect(lines).toHaveLength(3)
    expect(lines[0]).toBe('tails: 31 %, 30 s, about 1 min 5 s left\n')
    for (const sign of ['\r', '\x1b']) expect(lines.join('')).not.toContain(sign)
  })
})

describe('in a terminal', () => {
  it('rewrites one line, never wider than the window, and takes it away', () => {
    const written = runFor(5, true)
    expect(written.length).toBeGreaterThan(10)
    expect(written.length).toBeLessThanOrEqual(50)
    for (const text of written) {
      expect([text[0], text.slice(-3)]).toEqual(['\r', '\x1b[K'])
      expect(text.slice(1, -3).length).toBeLessThan(40)
    }
    expect(written.at(-1)).toBe('\r\x1b[K')
  })
  it('shows nothing for a run that is over at once', () => expect(runFor(0.1, true)).toEqual([]))
})

it('the time left of a run that goes on counts from where it began', () => {
  const lines: string[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
  let now = 0
  const progress = progressLine('tails', { stream: { isTTY: false } as NodeJS.WriteStream, now: () => now })
  progress.update({ done: 80, total: 100 })
  now = 30_000
  progress.update({ done: 90, total: 100 })
  expect(lines).toEqual(['tails: 90 %, 30 s, about 30 s left\n'])
})

it('goes by what fits cost, where that is known', () => {
  const lines: string[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
  let now = 0
  const progress = progressLine('tails', { form: 'plain', now: () => now })
  progress.update({ done: 500, total: 1000, before: 500, gained: 0, rate: 0 })
  now = 30_000
  // Few of the fits are done, and most of the work.
  progress.update({ done: 510, total: 1000, before: 500, gained: 0.75, rate: 1_234_567 })
  expect(lines).toEqual(['tails: 87 %, 30 s, 1.2 M fits/s, about 10 s left\n'])
})

it('as JSON is a document a second, and one at the end', () => {
  const lines: string[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
  let now = 0
  const progress = progressLine('tails', { form: 'json', now: () => now })
  for (; now <= 2500; now += 100) progress.update({ done: now, total: 2500, before: 0, gained: now / 2500, rate: 1000 })
  progress.end()
  const documents = lines.map((line) => JSON.parse(line))
  expect(documents.map(({ share }) => share)).toEqual([0.4, 0.8, 1])
  const shape = { event: 'progress', run: 'tails', done: 1000, total: 2500, share: 0.4, rate: 1000 }
  expect(documents[0]).toEqual({ ...shape, elapsed: 1, left: 1.5 })
  expect(documents[2]).toMatchObject({ done: 2500, left: null })
})

it('--quiet shows nothing', () => expect([...runFor(95, false, true), ...runFor(95, true, true)]).toEqual([]))

it('duration in words', () => {
  expect([400, 12_000, 59_600, 185_000, 7_800_000].map(duration)).toEqual([
    '0.4 s',
    '12 s',
    '1 min 0 s',
    '3 min 5 s',
    '2 h 10 min',
  ])
})
