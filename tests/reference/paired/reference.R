# Golden numbers for paired proportions and net benefit. Base R only. Run here: Rscript reference.R
tables <- rbind(c(59, 1, 16, 6), c(16, 22, 4, 11), c(36, 2, 12, 0), c(14, 0, 5, 22),
                c(18, 0, 14, 18), c(4, 0, 0, 6), c(0, 5, 0, 0), c(319, 78, 22, 32), c(1, 7, 1, 12))
z <- qnorm(0.975)
wilson <- function(x, n) prop.test(x, n, correct = FALSE)$conf.int

newcombe <- function(a, b, c, d) {  # method 10: second (a + c) minus first (a + b)
  n <- a + b + c + d
  w1 <- wilson(a + b, n); w2 <- wilson(a + c, n)
  p1 <- (a + b) / n; p2 <- (a + c) / n
  m <- (a + b) * (c + d) * (a + c) * (b + d)
  k <- a * d - b * c
  k <- if (k > n / 2) k - n / 2 else if (k >= 0) 0 else k
  phi <- if (m == 0) 0 else k / sqrt(m)
  low <- sqrt((p2 - w2[1])^2 - 2 * phi * (p2 - w2[1]) * (w1[2] - p1) + (w1[2] - p1)^2)
  high <- sqrt((w2[2] - p2)^2 - 2 * phi * (w2[2] - p2) * (p1 - w1[1]) + (p1 - w1[1])^2)
  c(p2 - p1 - low, p2 - p1 + high)
}

# Tango's score interval from its definition: the share of discordant pairs is found by maximising
# the trinomial likelihood numerically under each difference, not by the closed form.
tango <- function(a, b, c, d) {
  n <- a + b + c + d
  score <- function(delta) {
    ends <- c(max(0, -delta), min((1 - delta) / 2, 1))  # share of first only
    loglik <- function(q) {
      p <- c(q, q + delta, 1 - 2 * q - delta); x <- c(b, c, a + d)
      sum(ifelse(x == 0, 0, x * log(pmax(p, 1e-300))))
    }
    q <- optimize(loglik, ends, maximum = TRUE, tol = 1e-13)$maximum
    (c - b - n * delta) / sqrt(n * (2 * q + delta * (1 - delta)))
  }
  point <- (c - b) / n
  low <- if (point <= -1) -1 else uniroot(function(x) score(x) - z, c(-1 + 1e-9, point - 1e-9), tol = 1e-12)$root
  high <- if (point >= 1) 1 else uniroot(function(x) score(x) + z, c(point + 1e-9, 1 - 1e-9), tol = 1e-12)$root
  c(low, high)
}

rows <- do.call(rbind, apply(tables, 1, function(t) {
  nw <- do.call(newcombe, as.list(t)); tg <- do.call(tango, as.list(t))
  exact <- if (t[2] + t[3]) binom.test(t[2], t[2] + t[3])$p.value else 1
  data.frame(both = t[1], first_only = t[2], second_only = t[3], neither = t[4],
             newcombe_low = nw[1], newcombe_high = nw[2], tango_low = tg[1], tango_high = tg[2],
             p_exact = exact)
}))
write.csv(format(rows, digits = 12, trim = TRUE, scientific = FALSE), "differences.csv",
          row.names = FALSE, quote = FALSE)

# Net benefit from one row per patient, by its definition.
patients <- data.frame(disease = rep(c(1, 1, 0, 0), c(18, 2, 6, 74)),
                       test = rep(c(1, 0, 1, 0), c(18, 2, 6, 74)))
benefit <- do.call(rbind, lapply(c(0, 0.02, 0.1, 0.3, 0.5, 0.75, 0.9), function(t) {
  odds <- t / (1 - t); n <- nrow(patients)
  with(patients, data.frame(threshold = t,
    test = sum(disease * test) / n - odds * sum((1 - disease) * test) / n,
    everybody = sum(disease) / n - odds * sum(1 - disease) / n))
}))
write.csv(format(benefit, digits = 12, trim = TRUE, scientific = FALSE), "net_benefit.csv",
          row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, format(Sys.Date())), "versions.txt")
