# Golden numbers for reanalysis.signal_ratios and reanalysis.fat_spared_areas, written out in base R.
# Run: Rscript tests/reference/signal_ratios/signal_ratios.R
cat(R.version.string, "\n")
options(digits = 10)

# Spoiled gradient echo (Ernst): sin(a) (1 - E1) / (1 - cos(a) E1), E1 = exp(-TR / T1).
weight <- function(t1, tr, angle) {
  a <- angle * pi / 180
  e1 <- exp(-tr / t1)
  sin(a) * (1 - e1) / (1 - cos(a) * e1)
}
cat("weight fat 350, water 600, TR 160, 70 degrees:", weight(350, 160, 70), weight(600, 160, 70), "\n")
cat("weight 600, TR 160, 10 degrees:", weight(600, 160, 10), "\n")

# Fat fraction as a ratio of simulated signals: W = 0.8 * w, F = 0.2 * f.
w <- 0.8 * weight(600, 160, 70); f <- 0.2 * weight(350, 160, 70)
ip <- w + f; op <- w - f
cat("apparent fraction of 0.2 of protons:", (ip - op) / (2 * ip), "\n")

# Smallest n with all of n events whose exact interval excludes less than a share.
need <- function(share) { n <- 1; while (binom.test(n, n)$conf.int[1] < share) n <- n + 1; n }
cat("patients needed for 0.5, 0.9, 0.95:", need(0.5), need(0.9), need(0.95), "\n")
cat("exact lower limit of 9 of 9:", binom.test(9, 9)$conf.int[1], "\n")
