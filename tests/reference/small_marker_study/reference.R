# Golden numbers of tests/test_small_marker_study.py, typed there to the digits printed here.
# Run here: Rscript reference.R (R 4.2.2, stats only).
options(digits = 9)
for (k in c(0, 5, 10)) print(binom.test(k, 20)$conf.int)
print(power.t.test(n = 20, power = 0.8, type = "paired", strict = TRUE)$delta)  # 0.66043988
print(power.t.test(n = 10, power = 0.8, strict = TRUE)$delta)                   # 1.32494356
