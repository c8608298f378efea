// The paper's experiments with neural models: their places, and what they wait for.

import type { Room } from '../preset.js'

export const rooms: readonly Room[] = [
  {
    name: 'vae',
    title: 'a variational autoencoder trained on images that the last one made',
    needs: 'vae',
    reason: "not run here: it needs the family 'vae', which this build does not have",
  },
  {
    name: 'language-model',
    title: 'a language model (OPT-125m) fine-tuned on text that the last one wrote',
    needs: 'transformer',
    reason: "not run here: it needs the family 'transformer' and its text origins, which this build does not have",
  },
]
