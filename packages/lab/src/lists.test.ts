import { models, policies } from '@genloss/models'
import { expect, it } from 'vitest'
import { description } from './native.js'

it('families and policies are those of the core', () => {
  const core = description()
  expect(core.families.map(({ kind }) => kind)).toEqual(Object.keys(models))
  expect(core.policies.map(({ kind }) => kind).sort()).toEqual(Object.keys(policies).sort())
})
