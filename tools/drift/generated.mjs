// @ts-check
// The files that a program writes, wholly or between markers, and that are committed because people read them.

/** Pages with generated parts between `<!-- made: NAME -->` and `<!-- /made -->`. */
export const pages = ['docs/reference.md', 'README.md']

/** A file that is made wholly: the JSON Schema of a lineage, for other programs. */
export const lineageFile = 'packages/genloss/schemas/lineage-1.schema.json'

/** All of them: `npm run ready` makes them again and fails if one changes. */
export const generated = ['native/binding/index.d.ts', ...pages, lineageFile]
