// Where numbers come from, in words.

export const article = 'Shumailov et al., Nature 631 (2024) 755-759'
export const code = 'the code released with the article'
export const told = "What is said to be the article's or its code's was handed on; neither text was at hand here."
export const chosen = "chosen here: the article's is not known here"

/** Sources of closed forms. */
export const chain = 'laws of the sample mean and variance (gaussianReplace)'
export const inversion = 'law of ln v by inversion of its characteristic function (LogVarianceLaw)'
export const recursion = 'recursion of moments (drift)'
export const counts = 'powers of the transition matrix of a count (countLaws)'
