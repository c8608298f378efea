import { describe, expect, it } from 'vitest'
import { digamma, gammaP, gammaQ, halfStepExcess, lnGamma, lnGammaComplex, normalTails, trigamma } from './special.js'

// Expected values: mpmath 1.3 at 30 digits (tools/oracles/theory.py).

describe('special functions', () => {
  it.each([
    [0.5, -1.9635100260214235, 4.934802200544679, 0.5723649429247001],
    [1, -0.5772156649015329, 1.6449340668482264, 0],
    [4.5, 1.388870926359529, 0.24872510303901035, 2.453736570842442],
    [49.5, 3.8918376507263717, 0.020407455046879994, 142.61728282114598],
  ])('digamma, trigamma, ln gamma at %s', (x, psi, psi1, lnG) => {
    expect(digamma(x)).toBeCloseTo(psi, 11)
    expect(trigamma(x)).toBeCloseTo(psi1, 13)
    expect(lnGamma(x)).toBeCloseTo(lnG, 11)
  })

  it('keep their digits for large arguments', () => {
    expect(halfStepExcess(5e11) * 8 * 5e11).toBeCloseTo(-1, 12)
    expect(halfStepExcess(4.5)).toBeCloseTo(Math.log(0.9726592741215884), 14)
  })

  it.each([
    [0.5, 0.02, 0.15851941887820606, 0.8414805811217939],
    [0.5, 2.0, 0.9544997361036416, 0.04550026389635842],
    [0.5, 30.0, 0.9999999999999906, 9.485737571073848e-15],
    [1.5, 1.0, 0.4275932955291202, 0.5724067044708798],
    [4.5, 4.5, 0.562725811086133, 0.43727418891386705],
    [4.5, 60.0, 1.0, 1.3361647765325286e-21],
    [50.0, 30.0, 0.0005188914625480343, 0.999481108537452],
    [50.0, 90.0, 0.9999983505014983, 1.6494985017178249e-6],
  ])('incomplete gamma at a = %s, x = %s', (a, x, p, q) => {
    expect(gammaP(a, x) / p).toBeCloseTo(1, 12)
    expect(gammaQ(a, x) / q).toBeCloseTo(1, 12)
  })

  it.each([
    [0.5, 0.3, 0.3770211256102054, -0.5258114466591651],
    [0.5, 25.0, -38.35096963666774, 55.47356244400607],
    [1.0, 4.0, -4.671099593408887, 2.309698056572535],
    [4.5, 2.0, 1.9747796664691415, 2.8544629561626857],
    [49.5, 11.0, 141.39279669348005, 42.90123277989674],
    [499.5, 80.0, 2595.6236658126763, 497.3485928341722],
  ])('ln gamma of %s + %si', (a, b, re, im) => {
    const [real, imaginary] = lnGammaComplex(a, b)
    expect(Math.abs(real - re)).toBeLessThan(1e-12 * Math.max(1, Math.abs(re)))
    expect(Math.abs(imaginary - im)).toBeLessThan(1e-12 * Math.max(1, Math.abs(im)))
  })

  it.each([
    [0.1, 0.920344325445942],
    [1.0, 0.3173105078629141],
    [3.0, 0.002699796063260189],
    [6.0, 1.973175290075396e-9],
    [12.0, 3.552964224155358e-33],
    [30.0, 9.813427854296374e-198],
  ])('both tails of a normal law beyond %s', (x, mass) => {
    expect(normalTails(x) / mass).toBeCloseTo(1, 12)
  })
})
