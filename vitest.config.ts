// One run over every package: tests stand beside the code that they are about and use the built packages and the addon.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'native/binding/**/*.test.ts',
      'tools/**/*.test.ts',
      'benchmarks/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    setupFiles: ['tools/setup/properties.ts'],
    // Two busy cores are slower than a laptop: a limit that fails there says nothing about the code.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
