// Models of one's own in an experiment: bundled and loaded before anything is written, and put by hash into the experiment.

import { resolve } from 'node:path'
import {
  broken,
  GenlossError,
  isObject,
  keepOwnModel,
  type ModuleModel,
  moduleWords,
  type OwnModel,
  ownModelOf,
  parametersOf,
  readParameters,
  withParameters,
} from '@genloss/models'
import { canonical, sha256 } from '../canonical.js'
import type { Experiment } from '../experiment.js'
import { mapPart, pathsOf } from '../swept-parts.js'
import { type Bundle, bundleModule, loadModel, shownPath } from './bundle.js'

/** A model of one's own, by the hash that the plan knows it by. */
export interface Module {
  sha256: string
  name: string
  /** The bundled code; left out for functions of this program. */
  code?: string
  /** That of functions of this program. */
  version?: string
}

/** An experiment whose modules are known by their hash, with the modules. */
export interface WithModels {
  experiment: Experiment
  modules: Map<string, Module>
}

/**
 * Bundles and loads the modules that an experiment names, and reads their settings.
 *
 * @throws GenlossError `input` where code is not allowed or can't be bundled, `model` where it does not load, `plan` for
 *   settings that the model does not have
 */
export async function readModels(experiment: Experiment, allowCode = false): Promise<WithModels> {
  const modules = new Map<string, Module>()
  const bundles = new Map<string, Bundle>()
  const named = modelsOf(experiment)
  if (named.length === 0) return { experiment, modules }
  refuseFileAxes(experiment)
  for (const { file } of named) {
    if (file === undefined || bundles.has(file)) continue
    if (!allowCode) throw refused(file)
    const bundle = await bundleModule(file)
    const own = await loadModel(bundle, shownPath(file))
    const whole = own.identity ? { ...bundle, sha256: sha256(`${bundle.sha256} ${own.identity()}`) } : bundle
    keepOwnModel(whole.sha256, own)
    bundles.set(file, whole)
    modules.set(whole.sha256, { ...whole, name: own.name })
  }
  for (const { functions } of named) {
    if (functions === undefined) continue
    const module = moduleOf(functions)
    modules.set(module.sha256, module)
  }
  const inside = new Set(
    pathsOf(experiment)
      .filter((path) => path.startsWith('model.'))
      .map((path) => path.slice(6)),
  )
  const known = mapPart(experiment, 'model', (model) => (isModule(model) ? hashed(model, bundles, inside) : model))
  return { experiment: withAxes(known), modules }
}

function isModule(model: unknown): model is ModuleModel {
  return isObject(model) && model.kind === 'module'
}

function modelsOf(experiment: Experiment): ModuleModel[] {
  const found: ModuleModel[] = []
  mapPart(experiment, 'model', (model) => {
    if (isModule(model)) found.push(model)
    return model
  })
  return found
}

function refused(file: string): GenlossError {
  const hint = `it would have bundled and run ${resolve(file)}; allow it with --allow-code (allowCode: true)`
  return new GenlossError({
    code: 'input',
    path: 'model.file',
    value: file,
    rule: 'no code, unless it is allowed',
    hint,
  })
}

/** A cell is known by what it runs: files are not an axis of settings. */
function refuseFileAxes(experiment: Experiment): void {
  const over = pathsOf(experiment).find((path) => /^model\.(file|functions|sha256|name)$/.test(path))
  if (over) throw broken('sweep', over, 'no axis over which code is run', "sweep whole models: 'model: [ ... ]'")
}

/** Functions of this program, by a hash of their name, version and texts. What they refer to is not in it. */
function moduleOf(key: string): Module {
  const model = ownModelOf(key)
  if (!model) {
    const hint = 'functions live in the program that defined them; name a module by its file to run it elsewhere'
    throw broken('model.functions', key, 'functions that this program has defined', hint)
  }
  const { name, version, parameters = {} } = model
  const texts = [model.fit, model.sample, model.logDensity].map(String)
  const keys = Object.keys(parameters).sort()
  const hash = sha256(
    canonical({
      name,
      version: version ?? null,
      parameters: keys,
      columns: model.columns ?? null,
      identity: model.identity?.() ?? null,
      texts,
    }),
  )
  keepOwnModel(hash, model)
  return { sha256: hash, name, ...(version === undefined ? {} : { version }) }
}

/** A module's settings as a plan has them: by hash, its own parameters read and filled in, but for those that axes vary. */
function hashed(model: ModuleModel, bundles: ReadonlyMap<string, Bundle>, later: ReadonlySet<string>): ModuleModel {
  const { file, functions, sha256: asked, ...rest } = model
  const found = file === undefined ? functions && moduleOf(functions).sha256 : bundles.get(file)!.sha256
  if (asked !== undefined && found !== undefined && found !== asked) {
    throw broken('model.sha256', found, `the module that hashes to ${asked}`, `${file} has changed`)
  }
  const hash = found ?? asked!
  const own = ownModelOf(hash)
  if (!own) throw broken('model.sha256', hash, 'a module that was loaded', 'name its file')
  const parameters = readParameters(own, parametersOf({ ...rest } as ModuleModel), 'model', later)
  return withParameters({ kind: 'module', name: own.name, sha256: hash, records: rest.records }, parameters)
}

/** Values of axes inside a model, read by the fields of the one model that they are of. */
function withAxes(experiment: Experiment): Experiment {
  const { model } = experiment.base
  if (!isModule(model)) return experiment
  const own = ownModelOf(model.sha256!)!
  const axes = experiment.axes.map(({ path, values }) => {
    const paths = path.split(',')
    const read = (at: string, value: unknown) => (at.startsWith('model.') ? readAxis(own, at, value) : value)
    const one = (value: unknown) =>
      paths.length === 1 ? read(path, value) : (value as unknown[]).map((entry, i) => read(paths[i]!, entry))
    return { path, values: values.map(one) }
  })
  return { ...experiment, axes }
}

function readAxis(own: OwnModel, path: string, value: unknown): unknown {
  const key = path.slice('model.'.length)
  if (moduleWords.includes(key)) return value
  const others = new Set(Object.keys(own.parameters ?? {}).filter((name) => name !== key))
  return readParameters(own, { [key]: value }, 'model', others)[key]
}
