# Golden numbers of power and sample size, for tests/test_power_of_proportions.py and
# tests/test_sample_size.py. Run here: Rscript sample_size.R. Writes power.csv, sizes.csv, versions.txt.
# Exact power: every outcome, its P value by fisher.test, chisq.test or binom.test, its probability
# by dbinom. Independent of the package: no formula of it is used.
number <- function(v) trimws(formatC(v, digits = 12, format = "g"))
quiet <- suppressWarnings
p_unpaired <- function(a, n, b, m, test) {
  if (a + b == 0 || a + b == n + m) return(1)
  tab <- rbind(c(a, n - a), c(b, m - b))
  if (test == "fisher") fisher.test(tab)$p.value else quiet(chisq.test(tab, correct = FALSE))$p.value
}
unpaired <- function(p1, p2, n, m, test, alpha = 0.05) {
  total <- 0
  for (a in 0:n) for (b in 0:m)
    if (p_unpaired(a, n, b, m, test) <= alpha) total <- total + dbinom(a, n, p1) * dbinom(b, m, p2)
  total
}
p_paired <- function(b, c, test) {
  if (b + c == 0) return(1)
  exact <- binom.test(b, b + c)$p.value
  if (test == "exact") return(exact)
  if (test == "mid_p") return(exact - dbinom(b, b + c, .5) * if (b == c) .5 else 1)
  mcnemar.test(matrix(c(1, c, b, 1), 2), correct = FALSE)$p.value
}
paired <- function(p10, p01, n, test, alpha = 0.05) {
  total <- 0
  for (b in 0:n) for (c in 0:(n - b))
    if (p_paired(b, c, test) <= alpha)
      total <- total + dmultinom(c(b, c, n - b - c), prob = c(p10, p01, 1 - p10 - p01))
  total
}
rows <- NULL
add <- function(design, test, x, y, n, m, alpha, value, source) rows <<- rbind(rows, data.frame(
  design, test, first = x, second = y, n_first = n, n_second = m, alpha, value = number(value), source))
for (t in list(c(4/6, 1/5, 6, 5), c(.6, .2, 20, 15), c(.75, .5, 30, 30), c(.1, .1, 12, 9), c(1, .4, 6, 5)))
  for (alpha in c(0.05, 0.01))
    for (test in c("fisher", "pearson"))
      add("unpaired", test, t[1], t[2], t[3], t[4], alpha, unpaired(t[1], t[2], t[3], t[4], test, alpha),
          "every outcome: fisher.test or chisq.test(correct=FALSE), dbinom")
for (t in list(c(.45, .05, 19), c(8/19, 0, 19), c(.2, .1, 40), c(.1, .1, 25)))
  for (test in c("exact", "mid_p", "asymptotic"))
    add("paired", test, t[1], t[2], t[3], NA, 0.05, paired(t[1], t[2], t[3], test),
        "every outcome: binom.test or mcnemar.test(correct=FALSE), dmultinom")
for (t in list(c(.5, .75, 50), c(.2, .6, 20), c(4/6, 1/5, 6)))
  add("unpaired", "normal", t[1], t[2], t[3], t[3], 0.05,
      power.prop.test(n = t[3], p1 = t[1], p2 = t[2])$power, "power.prop.test()")
write.csv(rows, "power.csv", row.names = FALSE)

smallest <- function(reached, start) { # reached, and at the next twelve sizes as well
  run <- 0; n <- start
  repeat { run <- if (reached(n)) run + 1 else 0; if (run > 12) return(n - 12); n <- n + 1 }
}
rows <- NULL
add <- function(design, test, x, y, power, value, source) rows <<- rbind(rows, data.frame(
  design, test, first = x, second = y, power, value = number(value), source))
for (t in list(c(.6, .2, .8), c(4/6, .2, .8), c(.9, .5, .9)))
  for (test in c("fisher", "pearson"))
    add("unpaired", test, t[1], t[2], t[3], smallest(function(n) unpaired(t[1], t[2], n, n, test) >= t[3], 5),
        "smallest size of that power, and the next twelve: fisher.test or chisq.test, dbinom")
for (t in list(c(.45, .05, .8), c(.3, .1, .8), c(8/19, 1/19, .9)))
  for (test in c("exact", "mid_p", "asymptotic"))
    add("paired", test, t[1], t[2], t[3], smallest(function(n) paired(t[1], t[2], n, test) >= t[3], 5),
        "smallest size of that power, and the next twelve: binom.test or mcnemar.test, dmultinom")
for (t in list(c(.5, .75, .8), c(.5, .75, .9), c(4/6, .2, .8)))
  add("unpaired", "normal", t[1], t[2], t[3], power.prop.test(p1 = t[1], p2 = t[2], power = t[3], tol = 1e-12)$n,
      "power.prop.test(tol=1e-12)")
write.csv(rows, "sizes.csv", row.names = FALSE)
writeLines(c(R.version.string, "packages: stats only", format(Sys.Date())), "versions.txt")
